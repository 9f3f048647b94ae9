package ai.finks.schemas.payload;

import ai.finks.schemas.binding.Explode;
import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.Locator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the reader that suits a format. */
final class PayloadReaders {

  private PayloadReaders() {}

  static PayloadReader of(
      Format format,
      char delimiter,
      Layout layout,
      @Nullable Explode explode,
      Collection<String> ignored) {
    if (format == Format.CSV) {
      int[] slots = layout.slotsOf(Locator.Kind.COLUMN);
      List<String> columns = new ArrayList<>();
      for (int slot : slots) {
        columns.add(layout.places().get(slot).text());
      }
      return new CsvPayloadReader(columns, slots, new HashSet<>(ignored), delimiter);
    }
    PointerTree root = tree(layout, explode, ignored);
    return format == Format.XML
        ? new XmlPayloadReader(root, layout.elements())
        : new JsonPayloadReader(root, explode == null, layout.elements());
  }

  static PointerTree tree(Layout layout, @Nullable Explode explode, Collection<String> ignored) {
    PointerTree root = new PointerTree("");
    for (int slot : layout.slotsOf(Locator.Kind.POINTER)) {
      root.add(layout.places().get(slot).steps()).addSlot(slot);
    }
    PointerTree element = null;
    if (explode != null) {
      element = root.add(explode.steps()).explode(layout.arraySlot());
      for (int slot : layout.slotsOf(Locator.Kind.ELEMENT)) {
        element.add(layout.places().get(slot).steps()).addSlot(slot);
      }
    }
    for (String pointer : ignored) {
      boolean inElement = explode != null && pointer.startsWith(explode.elementPrefix() + "/");
      String rest =
          explode != null && inElement
              ? pointer.substring(explode.elementPrefix().length())
              : pointer;
      PointerTree from = element != null && inElement ? element : root;
      from.add(Locator.of(Locator.Kind.POINTER, rest).steps()).ignore();
    }
    return root;
  }
}
