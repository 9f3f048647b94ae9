package ai.finks.schemas.payload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cells of one CSV record (RFC 4180; a record may span lines inside quotes) whose header
 * row is the attribute {@code header}. A quote inside an unquoted cell stands for itself.
 */
final class CsvPayloadReader implements PayloadReader {

  static final String HEADER = "header";

  private static final int[] NOT_WANTED = {};

  private final List<String> columns;
  private final int[] slots;
  private final Set<String> ignored;
  private final Cells cells;

  private @Nullable String lastHeader;
  private int[][] slotsOfCell = {};
  private List<String> unknown = List.of();
  private @Nullable PayloadFlaw headerFlaw;

  CsvPayloadReader(List<String> columns, int[] slots, Set<String> ignored, char delimiter) {
    this.cells = new Cells(delimiter);
    this.columns = columns;
    this.slots = slots;
    this.ignored = ignored;
  }

  @Override
  public @Nullable PayloadFlaw read(
      byte[] source, int start, int end, Map<String, String> attributes, Slots out) {
    byte[] payload = PayloadReader.cut(source, start, end);
    String header = attributes.get(HEADER);
    if (header == null) {
      return PayloadFlaw.HEADER_MISSING;
    }
    if (!Objects.equals(header, lastHeader)) {
      readHeader(header);
    }
    if (headerFlaw != null) {
      return headerFlaw;
    }
    PayloadFlaw flaw = split(payload, out);
    if (flaw != null || cells.count() != slotsOfCell.length) {
      return flaw == null ? PayloadFlaw.MALFORMED : flaw;
    }
    for (int cell = 0; cell < slotsOfCell.length; cell++) {
      for (int slot : slotsOfCell[cell]) {
        out.set(slot, Lexeme.TEXT, cells.start(cell), cells.length(cell));
      }
    }
    for (String name : unknown) {
      out.unknown(name);
    }
    return null;
  }

  /** Lines without quotes stay bytes. */
  private @Nullable PayloadFlaw split(byte[] payload, Slots out) {
    boolean ascii = Utf8.isAscii(payload);
    if (ascii && cells.splitPlain(payload)) {
      out.begin(payload);
      return null;
    }
    if (!ascii && !Utf8.isValid(payload)) {
      return PayloadFlaw.NOT_UTF8;
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    int start = out.append(text);
    return cells.split(out.chars(), start, text.length()) ? null : PayloadFlaw.MALFORMED;
  }

  private void readHeader(String header) {
    lastHeader = header;
    headerFlaw = null;
    List<String> names = new ArrayList<>();
    char[] chars =
        header.startsWith("\uFEFF") ? header.substring(1).toCharArray() : header.toCharArray();
    if (!cells.split(chars, 0, chars.length)) {
      headerFlaw = PayloadFlaw.MALFORMED;
      return;
    }
    for (int cell = 0; cell < cells.count(); cell++) {
      names.add(new String(chars, cells.start(cell), cells.length(cell)).strip());
    }
    slotsOfCell = new int[names.size()][];
    List<String> notKnown = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int cell = 0; cell < slotsOfCell.length; cell++) {
      String name = names.get(cell);
      slotsOfCell[cell] = slotsOf(name);
      if (slotsOfCell[cell].length == 0) {
        if (!ignored.contains(name)) {
          notKnown.add(name);
        }
      } else if (!seen.add(name)) {
        headerFlaw = PayloadFlaw.DUPLICATE_MEMBER;
      }
    }
    unknown = notKnown;
  }

  private int[] slotsOf(String name) {
    int[] found = NOT_WANTED;
    for (int i = 0; i < slots.length; i++) {
      if (columns.get(i).equals(name)) {
        found = Arrays.copyOf(found, found.length + 1);
        found[found.length - 1] = slots[i];
      }
    }
    return found;
  }

  /** Cuts a record into cells; the text of quoted cells is unquoted in place. */
  private static final class Cells {
    private int[] starts = new int[32];
    private int[] lengths = new int[32];
    private int count;
    private char[] in = {};
    private int position;
    private int end;
    private final char delimiter;

    Cells(char delimiter) {
      this.delimiter = delimiter;
    }

    int count() {
      return count;
    }

    int start(int cell) {
      return starts[cell];
    }

    int length(int cell) {
      return lengths[cell];
    }

    /** Whether the characters are exactly one record. */
    boolean split(char[] chars, int start, int length) {
      in = chars;
      position = start;
      end = withoutLineEnd(chars, start, start + length);
      count = 0;
      while (true) {
        boolean whole = position < end && in[position] == '"' ? quoted() : plain();
        if (!whole) {
          return false;
        }
        if (position >= end) {
          return true;
        }
        position++;
      }
    }

    /** Whether ASCII bytes are exactly one record without a quote in it. */
    boolean splitPlain(byte[] ascii) {
      int last = ascii.length;
      if (last > 0 && ascii[last - 1] == '\n') {
        last--;
      }
      last = last > 0 && ascii[last - 1] == '\r' ? last - 1 : last;
      count = 0;
      int from = 0;
      for (int i = 0; i < last; i++) {
        byte b = ascii[i];
        if (b == delimiter) {
          add(from, i - from);
          from = i + 1;
        } else if (b == '"' || b == '\n' || b == '\r') {
          return false;
        }
      }
      add(from, last - from);
      return true;
    }

    private static int withoutLineEnd(char[] chars, int start, int end) {
      int last = end;
      if (last > start && chars[last - 1] == '\n') {
        last--;
      }
      return last > start && chars[last - 1] == '\r' ? last - 1 : last;
    }

    private boolean plain() {
      int start = position;
      while (position < end && in[position] != delimiter) {
        if (in[position] == '\n' || in[position] == '\r') {
          return false;
        }
        position++;
      }
      add(start, position - start);
      return true;
    }

    private boolean quoted() {
      int start = ++position;
      int write = start;
      while (position < end) {
        char c = in[position++];
        if (c != '"') {
          in[write++] = c;
        } else if (position < end && in[position] == '"') {
          in[write++] = c;
          position++;
        } else {
          add(start, write - start);
          return position == end || in[position] == delimiter;
        }
      }
      return false;
    }

    private void add(int start, int length) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
        lengths = Arrays.copyOf(lengths, count * 2);
      }
      starts[count] = start;
      lengths[count++] = length;
    }
  }
}
