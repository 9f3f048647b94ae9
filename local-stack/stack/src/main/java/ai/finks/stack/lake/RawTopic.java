package ai.finks.stack.lake;

import ai.finks.schemas.Topics;
import java.util.Optional;

/**
 * A raw topic's name, taken apart.
 *
 * @param topic the whole name
 * @param source the system that the records come from
 * @param entity what the records are about
 */
public record RawTopic(String topic, String source, String entity) {
  private static final String SUFFIX = Topics.raw("", "").substring(1);

  /** The parts of a raw topic's name, or empty for the name of another topic. */
  public static Optional<RawTopic> parse(String topic) {
    if (!topic.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String stem = topic.substring(0, topic.length() - SUFFIX.length());
    int dot = stem.lastIndexOf('.');
    if (dot <= 0 || dot == stem.length() - 1) {
      return Optional.empty();
    }
    return Optional.of(new RawTopic(topic, stem.substring(0, dot), stem.substring(dot + 1)));
  }
}
