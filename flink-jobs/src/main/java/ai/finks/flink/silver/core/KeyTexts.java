package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.value.Utf8Text;
import java.util.List;
import java.util.stream.Collectors;

/** Refuses rows whose key says nothing: a text of nothing but spaces names no thing. */
final class KeyTexts {

  private final Field[] fields;

  KeyTexts(Contract contract) {
    List<Field> texts =
        contract.key().stream().filter(field -> field.type().isText()).collect(Collectors.toList());
    this.fields = texts.toArray(new Field[0]);
  }

  void check(FieldValues values, Refined out) {
    for (Field field : fields) {
      if (!values.isNull(field.index()) && isBlank(values.utf8(field.index()))) {
        out.refuse(
            Refusal.ofField(
                RefusalReason.KEY_BLANK,
                field.name(),
                Refusal.textShape(values.text(field.index()).length())));
      }
    }
  }

  private static boolean isBlank(Utf8Text text) {
    byte[] utf8 = text.bytes();
    boolean seen = utf8.length > 0 && utf8[0] > ' ' && utf8[0] < 0x7F;
    return !seen && isBlank(text.toString());
  }

  /** Whether nothing in a text can be seen: white space of any kind, controls, joiners. */
  static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ' && c < 0x7F) {
        return false;
      }
      int type = Character.getType(c);
      boolean unseen =
          Character.isWhitespace(c)
              || Character.isSpaceChar(c)
              || type == Character.CONTROL
              || type == Character.FORMAT;
      if (!unseen) {
        return false;
      }
    }
    return true;
  }
}
