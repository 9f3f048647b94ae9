package ai.finks.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicSetupTest {
  @TempDir Path folder;

  @Test
  void aBrokerThatCountsAsGoneForAMomentIsAskedAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
      new TopicSetup(goneAtFirst(broker.admin(), calls))
          .apply(List.of(new TopicSpec("late", 2, Duration.ofDays(1))));

      assertThat(broker.admin().listTopics().names().get(30, TimeUnit.SECONDS)).contains("late");
    }
    assertThat(calls).hasValue(2);
  }

  /** Asks for more replicas than there are brokers, the first time: the answer is the same. */
  private static Admin goneAtFirst(Admin admin, AtomicInteger calls) {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("createTopics")
                  && arguments.length == 2
                  && calls.incrementAndGet() == 1) {
                List<NewTopic> unborn =
                    ((Collection<?>) arguments[0])
                        .stream().map(topic -> new NewTopic("late", 2, (short) 2)).toList();
                return admin.createTopics(unborn, (CreateTopicsOptions) arguments[1]);
              }
              return method.invoke(admin, arguments);
            });
  }
}
