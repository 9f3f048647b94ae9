package ai.finks.schemas.contract;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One field of a contract. */
public final class Field {

  private final int index;
  private final int id;
  private final String name;
  private final FieldType type;
  private final boolean required;
  private final String doc;
  private final @Nullable Masking masking;
  private final List<String> aliases;
  private final int line;

  Field(
      int index,
      int id,
      String name,
      FieldType type,
      boolean required,
      String doc,
      @Nullable Masking masking,
      List<String> aliases,
      int line) {
    this.index = index;
    this.id = id;
    this.name = Objects.requireNonNull(name);
    this.type = Objects.requireNonNull(type);
    this.required = required;
    this.doc = doc;
    this.masking = masking;
    this.aliases = List.copyOf(aliases);
    this.line = line;
  }

  /** Position in the contract, from 0. */
  public int index() {
    return index;
  }

  /** The id that stays when the field is renamed; 1 to 999. */
  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** The type before masking. */
  public FieldType type() {
    return type;
  }

  public boolean required() {
    return required;
  }

  public String doc() {
    return doc;
  }

  /** How the field is hidden when it is personal data. */
  public Optional<Masking> masking() {
    return Optional.ofNullable(masking);
  }

  /** Whether the field is personal data. */
  public boolean isPersonal() {
    return masking != null;
  }

  /** Whether Silver has a column for the field. */
  public boolean isStored() {
    return masking == null || masking.kind() != Masking.Kind.DROP;
  }

  /** The type of the column in Silver, after masking. */
  public FieldType storedType() {
    return masking != null && masking.kind() == Masking.Kind.TOKENISE ? FieldType.STRING : type;
  }

  /** Names that the field had before. */
  public List<String> aliases() {
    return aliases;
  }

  /** Where the field stands in the contract's file. */
  public int line() {
    return line;
  }

  /** For example {@code price decimal(18,6)} or {@code name string?}. */
  @Override
  public String toString() {
    return name + " " + type + (required ? "" : "?");
  }
}
