package ai.finks.processes;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import sun.misc.Signal;

/**
 * Runs a program in a process of its own that ends with its parent: the parent holds the other end
 * of the standard input, and the system closes it however the parent ends.
 */
public final class ChildMain {
  private ChildMain() {}

  /**
   * Starts the program.
   *
   * @param args the program's main class, then its arguments
   */
  public static void main(String[] args) throws Exception {
    // Ctrl-C and a closed terminal are meant for the command in the foreground, whose group this
    // process is in; whoever wants it gone ends it by TERM, or goes away.
    Signal.handle(new Signal("INT"), ignored -> {});
    Signal.handle(new Signal("HUP"), ignored -> {});
    Thread watch = new Thread(ChildMain::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    Method main = Class.forName(args[0]).getMethod("main", String[].class);
    try {
      main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent never writes: a byte means nothing, the end means that it is gone.
      }
    } catch (IOException e) {
      // An unreadable input is a lost parent too.
    }
    Runtime.getRuntime().halt(0);
  }
}
