package ai.finks.schemas.binding;

import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.Topics;
import ai.finks.schemas.document.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one source's payload meets an entity's contract. Immutable. */
public final class Binding {

  private final String file;
  private final String source;
  private final String entity;
  private final Format format;
  private final Stream stream;
  private final char delimiter;
  private final @Nullable Explode explode;
  private final List<FilterRule> filter;
  private final boolean trim;
  private final List<Locator> rawKey;
  private final Set<String> ignored;
  private final Map<String, FieldBinding> fields;
  private final Map<String, Integer> lines;

  Binding(Builder builder) {
    this.file = Objects.requireNonNull(builder.file);
    this.source = Objects.requireNonNull(builder.source);
    this.entity = Objects.requireNonNull(builder.entity);
    this.format = Objects.requireNonNull(builder.format);
    this.stream = Objects.requireNonNull(builder.stream);
    this.delimiter = builder.delimiter;
    this.explode = builder.explode;
    this.filter = List.copyOf(builder.filter);
    this.trim = builder.trim;
    this.rawKey = List.copyOf(builder.rawKey);
    this.ignored = Set.copyOf(builder.ignored);
    this.fields = new LinkedHashMap<>(builder.fields);
    this.lines = Map.copyOf(builder.lines);
  }

  /**
   * Parses a binding.
   *
   * @param file the name that problems are reported under
   * @param text the binding as YAML
   * @throws InvalidSchemasException with every problem and its line
   */
  public static Binding parse(String file, String text) {
    Problems problems = new Problems();
    Binding binding = parse(file, text, problems);
    if (binding == null || problems.count() > 0) {
      throw new InvalidSchemasException(problems.list());
    }
    return binding;
  }

  /** Parses a binding, or returns null and says why in the problems. */
  public static @Nullable Binding parse(String file, String text, Problems problems) {
    return new BindingParser(file, text, problems).binding();
  }

  public String file() {
    return file;
  }

  public String source() {
    return source;
  }

  public String entity() {
    return entity;
  }

  /** {@code source.entity}, which a binding is known by. */
  public String name() {
    return source + "." + entity;
  }

  /** The raw topic that the source's records travel on. */
  public String topic() {
    return Topics.raw(source, entity);
  }

  public Format format() {
    return format;
  }

  /** What stands between the cells of a CSV line. */
  public char delimiter() {
    return delimiter;
  }

  /** The array whose elements become rows; empty when a record is one row. */
  public Optional<Explode> explode() {
    return Optional.ofNullable(explode);
  }

  /** Which records, or elements of them, do not belong: those that any of the rules describes. */
  public List<FilterRule> filter() {
    return filter;
  }

  /** Whether white space around texts is taken off unless a field says otherwise. */
  public boolean trim() {
    return trim;
  }

  public Stream stream() {
    return stream;
  }

  /**
   * What the record key on the raw topic is made from. All records of one contract key share it, so
   * that they keep their order.
   */
  public List<Locator> rawKey() {
    return rawKey;
  }

  /** Pointers or columns that are known and not wanted: they do not count as drift. */
  public Set<String> ignored() {
    return ignored;
  }

  /** The bound fields in the binding's order. */
  public List<FieldBinding> fields() {
    return List.copyOf(fields.values());
  }

  /** How a contract's field is bound. */
  public Optional<FieldBinding> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** Whether a key such as {@code zone} is written for the binding as a whole. */
  public boolean says(String key) {
    return lines.containsKey(key);
  }

  /** The line that a key such as {@code raw-key} stands in; the first when it is not there. */
  public int line(String key) {
    return lines.getOrDefault(key, 1);
  }

  @Override
  public String toString() {
    return name() + " (" + file + ")";
  }

  /** Collects what {@link BindingParser} reads. */
  static final class Builder {
    @Nullable String file;
    @Nullable String source;
    @Nullable String entity;
    @Nullable Format format;
    @Nullable Stream stream;
    char delimiter = ',';
    @Nullable Explode explode;
    List<FilterRule> filter = List.of();
    boolean trim;
    List<Locator> rawKey = List.of();
    Set<String> ignored = Set.of();
    Map<String, FieldBinding> fields = Map.of();
    Map<String, Integer> lines = Map.of();
  }
}
