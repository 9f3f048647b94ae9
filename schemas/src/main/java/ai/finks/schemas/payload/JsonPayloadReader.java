package ai.finks.schemas.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the places of JSON pointers out of one JSON value, in one pass and without a tree. Numbers
 * stay as they are written: nothing goes through binary floating point. Plain payloads are scanned
 * byte by byte; Jackson takes the others, and the verdict on what is wrong is always Jackson's.
 */
final class JsonPayloadReader implements PayloadReader {

  /** Behind the reader's own limits on size and depth, Jackson's stay on for the rest. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(RecordReader.MAX_DEPTH)
                  .maxNumberLength(1_000)
                  .maxNameLength(10_000)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final PointerTree root;
  private final @Nullable JsonScanner scanner;
  private final @Nullable Elements elements;
  // Counts payloads and elements, so that a member that comes twice in one of them is noticed.
  private int visits;
  private int visit;

  /** A reader; without scanner, Jackson reads everything. */
  JsonPayloadReader(PointerTree root, boolean scanning, @Nullable Elements elements) {
    this.root = root;
    this.scanner = scanning ? new JsonScanner() : null;
    this.elements = elements;
  }

  @Override
  public @Nullable PayloadFlaw read(
      byte[] source, int start, int end, Map<String, String> attributes, Slots out) {
    if (scanner != null && Utf8.isAscii(source, start, end)) {
      visit = ++visits;
      if (scanner.scan(source, start, end, root, visit, out)) {
        return null;
      }
      out.clear();
    }
    return readByJackson(PayloadReader.cut(source, start, end), out);
  }

  private @Nullable PayloadFlaw readByJackson(byte[] payload, Slots out) {
    visit = ++visits;
    if (!Utf8.isValid(payload)) {
      return PayloadFlaw.NOT_UTF8;
    }
    if (payload.length > 1 && (payload[0] == 0 || payload[1] == 0)) {
      // Jackson would take zero bytes at the start for UTF-16 or UTF-32.
      return PayloadFlaw.MALFORMED;
    }
    try (JsonParser parser = JSON.createParser(payload)) {
      if (parser.nextToken() == null) {
        return PayloadFlaw.MALFORMED;
      }
      PayloadFlaw flaw = value(root, parser, out);
      if (flaw == null && parser.nextToken() != null) {
        return PayloadFlaw.MALFORMED;
      }
      return flaw;
    } catch (StreamConstraintsException e) {
      return isNesting(e) ? PayloadFlaw.TOO_DEEP : PayloadFlaw.MALFORMED;
    } catch (IOException e) {
      return PayloadFlaw.MALFORMED;
    }
  }

  /** Jackson tells its limits apart by message only. */
  private static boolean isNesting(StreamConstraintsException e) {
    return String.valueOf(e.getMessage()).contains("nesting depth");
  }

  private @Nullable PayloadFlaw value(PointerTree place, JsonParser parser, Slots out)
      throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT:
        place.found(out, Lexeme.OBJECT);
        return object(place, parser, out);
      case START_ARRAY:
        place.found(out, Lexeme.ARRAY);
        return array(place, parser, out);
      case VALUE_NULL:
        place.found(out, Lexeme.NULL);
        return null;
      default:
        scalar(place, parser, out);
        return null;
    }
  }

  private static void scalar(PointerTree place, JsonParser parser, Slots out) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING:
        place.found(out, Lexeme.TEXT, parser);
        break;
      case VALUE_TRUE:
        place.found(out, Lexeme.TRUE);
        break;
      case VALUE_FALSE:
        place.found(out, Lexeme.FALSE);
        break;
      default:
        place.found(out, Lexeme.NUMBER, parser);
    }
    if (!place.isLeaf()) {
      place.block(out);
    }
  }

  private @Nullable PayloadFlaw object(PointerTree place, JsonParser parser, Slots out)
      throws IOException {
    if (place.isLeaf()) {
      parser.skipChildren();
      return null;
    }
    int position = 0;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      PointerTree member = place.member(name, position++);
      parser.nextToken();
      if (member == null) {
        out.unknown(place.pathOf(name));
        parser.skipChildren();
      } else if (member.isIgnored()) {
        parser.skipChildren();
      } else {
        if (!member.firstVisit(visit)) {
          return PayloadFlaw.DUPLICATE_MEMBER;
        }
        PayloadFlaw flaw = value(member, parser, out);
        if (flaw != null) {
          return flaw;
        }
      }
    }
    return null;
  }

  private @Nullable PayloadFlaw array(PointerTree place, JsonParser parser, Slots out)
      throws IOException {
    PointerTree element = place.element();
    if (element != null && elements != null) {
      return elements(element, elements, parser, out);
    }
    if (!place.hasItems()) {
      place.block(out);
      parser.skipChildren();
      return null;
    }
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      PointerTree item = place.item(index++);
      if (item == null || item.isIgnored()) {
        parser.skipChildren();
      } else {
        PayloadFlaw flaw = value(item, parser, out);
        if (flaw != null) {
          return flaw;
        }
      }
    }
    return null;
  }

  private @Nullable PayloadFlaw elements(
      PointerTree element, Elements found, JsonParser parser, Slots out) throws IOException {
    int visitOfArray = visit;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      visit = ++visits;
      found.begin(out);
      PayloadFlaw flaw = value(element, parser, out);
      if (flaw != null) {
        return flaw;
      }
      if (!found.end(out)) {
        return PayloadFlaw.TOO_MANY_ELEMENTS;
      }
    }
    visit = visitOfArray;
    return null;
  }
}
