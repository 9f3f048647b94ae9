import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/**
 * Runs tests in a JVM of its own: {@code RunTest class#method...}. Prints the first failure. Exit
 * code 0 if all pass, 11 if one fails, 12 if one is not found or was skipped.
 */
public final class RunTest {
  private RunTest() {}

  public static void main(String[] names) throws ClassNotFoundException {
    for (String name : names) {
      run(name);
    }
    System.exit(0);
  }

  private static void run(String name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name.substring(0, name.indexOf('#')));
    // By name alone: properties have parameters.
    Method[] methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> method.getName().equals(name.substring(name.indexOf('#') + 1)))
            .toArray(Method[]::new);
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (Method method : methods) {
      request.selectors(DiscoverySelectors.selectMethod(type, method));
    }
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request.build(), listener);
    List<Failure> failures = listener.getSummary().getFailures();
    if (!failures.isEmpty()) {
      System.out.println("FAILED " + name + ": " + failures.get(0).getException());
      System.exit(11);
    }
    if (listener.getSummary().getTestsSucceededCount() == 0) {
      System.out.println("NOT RUN " + name);
      System.exit(12);
    }
  }
}
