package ai.finks.schemas.payload;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON pointers as a tree. Sources write their members in one order nearly always, so each node
 * remembers which member came at which position and tries that first.
 */
final class PointerTree {

  private static final int REMEMBERED = 64;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final String path;
  private final Map<String, PointerTree> children = new HashMap<>();
  private final String[] expectedNames = new String[REMEMBERED];
  private final @Nullable PointerTree[] expected = new PointerTree[REMEMBERED];
  private final byte[][] expectedBytes = new byte[REMEMBERED][];
  private final @Nullable PointerTree[] expectedByBytes = new PointerTree[REMEMBERED];
  private int[] slots = {};
  private boolean ignored;
  private boolean hasItems;
  private int lastVisit;
  private @Nullable PointerTree element;

  PointerTree(String path) {
    this.path = path;
  }

  PointerTree add(List<String> steps) {
    PointerTree node = this;
    for (String step : steps) {
      PointerTree parent = node;
      parent.hasItems |= step.matches("[0-9]+");
      node = node.children.computeIfAbsent(step, name -> new PointerTree(parent.pathOf(name)));
    }
    return node;
  }

  void addSlot(int slot) {
    slots = Arrays.copyOf(slots, slots.length + 1);
    slots[slots.length - 1] = slot;
  }

  void ignore() {
    ignored = slots.length == 0 && children.isEmpty();
  }

  /** Makes this the array that is exploded, and returns the tree of what its elements hold. */
  PointerTree explode(int arraySlot) {
    addSlot(arraySlot);
    PointerTree tree = new PointerTree(pathOf("*"));
    element = tree;
    return tree;
  }

  /** The tree of what elements of this array hold; null when it is not the exploded one. */
  @Nullable PointerTree element() {
    return element;
  }

  boolean hasSlots() {
    return slots.length > 0;
  }

  @Nullable PointerTree child(String name) {
    return children.get(name);
  }

  /** Whether elements of a name are told apart by their number, as in {@code link[2]}. */
  boolean hasNumbered(String name) {
    for (String child : children.keySet()) {
      if (child.length() > name.length()
          && child.charAt(name.length()) == '['
          && child.startsWith(name)) {
        return true;
      }
    }
    return false;
  }

  Collection<PointerTree> children() {
    return children.values();
  }

  boolean isIgnored() {
    return ignored;
  }

  boolean isLeaf() {
    return children.isEmpty();
  }

  String pathOf(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** The node of a member that stands at a position of its object; null when it is not known. */
  @Nullable PointerTree member(String name, int position) {
    // Jackson hands out one instance per name, so identity is the common case.
    @SuppressWarnings("ReferenceEquality")
    boolean hit = position < REMEMBERED && expectedNames[position] == name;
    if (hit) {
      return expected[position];
    }
    PointerTree child = children.get(name);
    if (position < REMEMBERED) {
      expectedNames[position] = name;
      expected[position] = child;
    }
    return child;
  }

  /** The node of a member whose name is given as ASCII bytes; null when it is not known. */
  @Nullable PointerTree member(byte[] bytes, int start, int end, int position) {
    if (position >= REMEMBERED) {
      return children.get(ascii(bytes, start, end));
    }
    // With its quotes: what is expected is then compared without looking for its end.
    expectedBytes[position] = Arrays.copyOfRange(bytes, start - 1, end + 1);
    PointerTree child = children.get(ascii(bytes, start, end));
    expectedByBytes[position] = child;
    return child;
  }

  /**
   * The length with its quotes of the name that was at a position of the object before, if it
   * stands there again; else 0.
   */
  int lengthIfExpected(byte[] bytes, int start, int end, int position) {
    byte[] name = position < REMEMBERED ? expectedBytes[position] : null;
    return name != null && start + name.length <= end && isSame(name, bytes, start)
        ? name.length
        : 0;
  }

  /** Compares short names by two words, which may overlap. */
  private static boolean isSame(byte[] name, byte[] bytes, int start) {
    int length = name.length;
    if (length >= Long.BYTES && length <= 2 * Long.BYTES) {
      int last = length - Long.BYTES;
      return (long) LONGS.get(name, 0) == (long) LONGS.get(bytes, start)
          && (long) LONGS.get(name, last) == (long) LONGS.get(bytes, start + last);
    }
    if (length >= Integer.BYTES && length < Long.BYTES) {
      int last = length - Integer.BYTES;
      return (int) INTS.get(name, 0) == (int) INTS.get(bytes, start)
          && (int) INTS.get(name, last) == (int) INTS.get(bytes, start + last);
    }
    return Arrays.equals(name, 0, length, bytes, start, start + length);
  }

  /** The member whose name was at a position of the object before; null when it is not known. */
  @Nullable PointerTree expected(int position) {
    return expectedByBytes[position];
  }

  static String ascii(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
  }

  @Nullable PointerTree item(int index) {
    return children.get(Integer.toString(index));
  }

  /** Whether this node is met for the first time in a payload. */
  boolean firstVisit(int visit) {
    boolean first = lastVisit != visit;
    lastVisit = visit;
    return first;
  }

  /** Whether pointers go on into arrays from here. */
  boolean hasItems() {
    return hasItems;
  }

  void found(Slots out, Lexeme kind) {
    for (int slot : slots) {
      out.set(slot, kind);
    }
  }

  /** Marks every place below this one, because what stands here has no members. */
  void block(Slots out) {
    for (PointerTree child : children.values()) {
      child.found(out, Lexeme.BLOCKED);
      child.block(out);
    }
  }

  void found(Slots out, Lexeme kind, int start, int end) {
    for (int slot : slots) {
      out.set(slot, kind, start, end - start);
    }
  }

  void foundNumber(Slots out, int start, int end, long unscaled, int decimals) {
    for (int slot : slots) {
      out.setNumber(slot, start, end, unscaled, decimals);
    }
  }

  void found(Slots out, Lexeme kind, CharSequence text) {
    if (slots.length == 0) {
      return;
    }
    int start = out.append(text.toString());
    for (int slot : slots) {
      out.set(slot, kind, start, text.length());
    }
  }

  void found(Slots out, Lexeme kind, JsonParser parser) throws IOException {
    if (slots.length == 0) {
      return;
    }
    int length = parser.getTextLength();
    int start = out.append(parser.getTextCharacters(), parser.getTextOffset(), length);
    for (int slot : slots) {
      out.set(slot, kind, start, length);
    }
  }
}
