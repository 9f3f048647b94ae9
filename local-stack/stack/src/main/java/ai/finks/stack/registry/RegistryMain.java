package ai.finks.stack.registry;

import java.io.IOException;
import java.lang.reflect.Method;
import sun.misc.Signal;

/**
 * Runs the schema registry in a process of its own that ends with its parent: the parent holds the
 * other end of the standard input, and the system closes it however the parent ends.
 */
public final class RegistryMain {
  private RegistryMain() {}

  /**
   * Starts the registry.
   *
   * @param args the registry's main class, then the home's folder (which only marks the process)
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    // Ctrl-C and a closed terminal are meant for the command in the foreground, whose group this
    // process is in.
    Signal.handle(new Signal("INT"), ignored -> {});
    Signal.handle(new Signal("HUP"), ignored -> {});
    Thread watch = new Thread(RegistryMain::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    Method main = Class.forName(args[0]).getMethod("main", String[].class);
    main.invoke(null, (Object) new String[0]);
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
