package ai.finks.schemas.payload;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the places of paths out of one XML document, in one pass and without a tree. A document
 * type is refused, whatever it holds, so there are no entities but the five that XML has, and
 * nothing is ever fetched. Names are taken as they are written, with their prefix.
 *
 * <p>The text of an element is that of everything in it, as XPath's {@code string()} has it. An
 * element whose {@code xsi:nil} is true is null.
 */
final class XmlPayloadReader implements PayloadReader {

  private static final XMLInputFactory XML = hardened();
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final PointerTree root;
  private final @Nullable Elements elements;
  // Counts documents and exploded elements, so that a member that comes twice is noticed.
  private int visits;
  private int visit;

  XmlPayloadReader(PointerTree root, @Nullable Elements elements) {
    this.root = root;
    this.elements = elements;
  }

  private static XMLInputFactory hardened() {
    // The JDK's own, whatever else lies on the class path.
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing is fetched");
        });
    return factory;
  }

  @Override
  public @Nullable PayloadFlaw read(
      byte[] source, int start, int end, Map<String, String> attributes, Slots out) {
    byte[] payload = PayloadReader.cut(source, start, end);
    if (!Utf8.isValid(payload)) {
      return PayloadFlaw.NOT_UTF8;
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    if (text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(1);
    }
    if (hasDocumentType(text)) {
      return PayloadFlaw.MALFORMED;
    }
    visit = ++visits;
    try {
      XMLStreamReader in = XML.createXMLStreamReader(new StringReader(text));
      try {
        return document(in, out);
      } finally {
        in.close();
      }
    } catch (XMLStreamException e) {
      return PayloadFlaw.MALFORMED;
    } catch (RuntimeException e) {
      // The JDK's reader lets some of its inner exceptions out when a document is broken.
      return PayloadFlaw.MALFORMED;
    }
  }

  /**
   * Whether anything but comments and instructions comes before the first element. The parser never
   * gets to see a document type: it prints to the console when one is broken.
   */
  private static boolean hasDocumentType(String text) {
    int at = text.indexOf('<');
    while (at >= 0) {
      if (text.startsWith("<!--", at)) {
        at = behind(text, "-->", at + 4);
      } else if (text.startsWith("<?", at)) {
        at = behind(text, "?>", at + 2);
      } else {
        return text.startsWith("<!", at);
      }
    }
    return false;
  }

  /** Where the next element or the like begins behind a terminator; negative when there is none. */
  private static int behind(String text, String terminator, int from) {
    int end = text.indexOf(terminator, from);
    return end < 0 ? end : text.indexOf('<', end);
  }

  private @Nullable PayloadFlaw document(XMLStreamReader in, Slots out) throws XMLStreamException {
    PayloadFlaw flaw = null;
    while (flaw == null && in.hasNext()) {
      int event = in.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        flaw = child(root, in, out, new Level(1, null));
      }
    }
    return flaw;
  }

  /** What is open around an element. */
  private static final class Level {
    final int depth;
    final @Nullable StringBuilder text;
    private final Map<String, Integer> counts = new HashMap<>(0);

    Level(int depth, @Nullable StringBuilder text) {
      this.depth = depth;
      this.text = text;
    }

    /** The place of the next element of a name that is bound by number, counting from 1. */
    @Nullable PointerTree next(PointerTree parent, String name) {
      return parent.child(name + "[" + counts.merge(name, 1, Integer::sum) + "]");
    }
  }

  /** Reads the element that has just begun, below a place that it may be known to. */
  private @Nullable PayloadFlaw child(
      @Nullable PointerTree parent, XMLStreamReader in, Slots out, Level level)
      throws XMLStreamException {
    if (level.depth > RecordReader.MAX_DEPTH) {
      return PayloadFlaw.TOO_DEEP;
    }
    if (parent == null) {
      return content(null, in, out, level);
    }
    String name = in.getLocalName();
    boolean numbered = parent.hasNumbered(name);
    PointerTree place = numbered ? level.next(parent, name) : parent.child(name);
    if (place == null && !numbered) {
      out.unknown(parent.pathOf(name));
    }
    if (place == null || place.isIgnored()) {
      return content(null, in, out, level);
    }
    PointerTree element = place.element();
    if (element != null && elements != null) {
      return exploded(element, elements, in, out, level);
    }
    return place.firstVisit(visit) ? content(place, in, out, level) : PayloadFlaw.DUPLICATE_MEMBER;
  }

  private @Nullable PayloadFlaw exploded(
      PointerTree element, Elements found, XMLStreamReader in, Slots out, Level level)
      throws XMLStreamException {
    int visitOfParent = visit;
    visit = ++visits;
    found.begin(out);
    PayloadFlaw flaw = content(element, in, out, level);
    visit = visitOfParent;
    if (flaw != null) {
      return flaw;
    }
    return found.end(out) ? null : PayloadFlaw.TOO_MANY_ELEMENTS;
  }

  /** Goes to the element's end; its text goes to its place and to who collects around it. */
  private @Nullable PayloadFlaw content(
      @Nullable PointerTree place, XMLStreamReader in, Slots out, Level level)
      throws XMLStreamException {
    boolean bound = place != null && place.hasSlots();
    boolean nil = place != null && attributes(place, in, out);
    StringBuilder text = bound ? new StringBuilder() : level.text;
    Level inner = new Level(level.depth + 1, text);
    for (int event = in.next(); event != XMLStreamConstants.END_ELEMENT; event = in.next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        PayloadFlaw flaw = child(place, in, out, inner);
        if (flaw != null) {
          return flaw;
        }
      } else if (text != null
          && (event == XMLStreamConstants.CHARACTERS
              || event == XMLStreamConstants.CDATA
              || event == XMLStreamConstants.SPACE)) {
        text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
      }
    }
    if (place != null && bound && text != null) {
      if (level.text != null) {
        level.text.append(text);
      }
      if (nil) {
        place.found(out, Lexeme.NULL);
      } else {
        place.found(out, Lexeme.TEXT, text);
      }
    }
    return null;
  }

  /** Takes the element's attributes and says whether it is null. */
  private static boolean attributes(PointerTree place, XMLStreamReader in, Slots out) {
    boolean nil = false;
    for (PointerTree child : place.children()) {
      if (child.element() != null) {
        // No elements in a parent that is there are none, not a missing array.
        child.found(out, Lexeme.ARRAY);
      }
    }
    for (int i = 0; i < in.getAttributeCount(); i++) {
      String name = attributeName(in, i);
      if (name.equals("xsi:nil")) {
        nil = in.getAttributeValue(i).strip().equals("true");
      } else if (!name.equals("xmlns") && !name.startsWith("xmlns:")) {
        PointerTree attribute = place.child("@" + name);
        if (attribute == null) {
          out.unknown(place.pathOf("@" + name));
        } else {
          attribute.found(out, Lexeme.TEXT, in.getAttributeValue(i));
        }
      }
    }
    return nil;
  }

  private static String attributeName(XMLStreamReader in, int index) {
    String prefix = in.getAttributePrefix(index);
    String name = in.getAttributeLocalName(index);
    return prefix == null || prefix.isEmpty() ? name : prefix + ":" + name;
  }
}
