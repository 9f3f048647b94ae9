package ai.finks.adapters.core;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What the first bytes of a content say that it is. */
public enum ContentKind {
  EMPTY("is empty"),
  GZIP("is gzip"),
  ZSTD("is zstd"),
  ARCHIVE("is an archive or a document of another program"),
  UTF_16("is UTF-16 text; convert it to UTF-8"),
  BINARY("is binary"),
  MARKUP("is HTML or XML"),
  JSON_ARRAY("is a JSON array"),
  JSON_LINES("is JSON, one document per line"),
  JSON_INDENTED("is JSON over several lines; one document per line or an array is needed"),
  TEXT_AND_JSON("is text with lines of JSON"),
  TEXT("is text");

  private static final String[] OTHER_MAGIC = {
    "PK\003\004", "PAR1", "BZh", "\u00fd7zXZ", "%PDF", "7z\u00bc\u00af", "Obj\001", "\u0089PNG"
  };

  private final String description;

  ContentKind(String description) {
    this.description = description;
  }

  /** Continues a sentence that begins with the content's name. */
  public String description() {
    return description;
  }

  /**
   * @param head the content's first bytes, some thousand or all there are
   */
  public static ContentKind of(byte[] head) {
    if (head.length == 0) {
      return EMPTY;
    }
    if (starts(head, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (starts(head, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableZstd(head)) {
      return ZSTD;
    }
    if (starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff)) {
      return UTF_16;
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    for (String magic : OTHER_MAGIC) {
      if (text.startsWith(magic)) {
        return ARCHIVE;
      }
    }
    return ofText(starts(head, 0xef, 0xbb, 0xbf) ? text.substring(3) : text);
  }

  private static ContentKind ofText(String text) {
    if (isBinary(text)) {
      return BINARY;
    }
    String content = text.stripLeading();
    if (content.isEmpty()) {
      return TEXT;
    }
    String lower = content.substring(0, Math.min(20, content.length())).toLowerCase(Locale.ROOT);
    if (lower.startsWith("<?xml") || lower.startsWith("<!doctype") || lower.startsWith("<html")) {
      return MARKUP;
    }
    if (content.charAt(0) == '[') {
      return JSON_ARRAY;
    }
    if (content.charAt(0) == '{') {
      return content.lines().findFirst().orElse("").strip().equals("{")
          ? JSON_INDENTED
          : JSON_LINES;
    }
    return content.contains("\n{") ? TEXT_AND_JSON : TEXT;
  }

  /**
   * A text may be damaged and hold some NULs: its records are refused one by one. Binary formats
   * have many of them, or other control characters beside them; bytes above ASCII may be any
   * encoding's text.
   */
  private static boolean isBinary(String text) {
    long nulls = 0;
    long controls = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        nulls++;
      } else if (c < ' ' && c != '\t' && c != '\n' && c != '\r') {
        controls++;
      }
    }
    return nulls > 0 && (nulls * 10 > text.length() * 3L || controls * 20 > text.length());
  }

  private static boolean isSkippableZstd(byte[] head) {
    return head.length >= 4 && (head[0] & 0xf0) == 0x50 && starts2a4d18(head);
  }

  private static boolean starts2a4d18(byte[] head) {
    return head[1] == 0x2a && head[2] == 0x4d && head[3] == 0x18;
  }

  private static boolean starts(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
