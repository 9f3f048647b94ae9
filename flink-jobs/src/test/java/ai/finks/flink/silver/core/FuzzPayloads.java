package ai.finks.flink.silver.core;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.Format;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Records that no source should send: fixtures and random documents, cut, mixed and spoilt. One
 * seed always makes the same records.
 */
final class FuzzPayloads {

  private static final int MAX_BYTES = 8_000;
  private static final byte[][] NOISE =
      Stream.of(
              "\uFEFF",
              "\\ud800",
              "\\udc00\\ud800",
              "\\u0000",
              "\0",
              "1e999999999",
              "-1E-999999999",
              "1e2147483648",
              "0.00000000000000000000000000000000000001",
              "9".repeat(400),
              "1".repeat(1_100),
              "-0",
              "01",
              "NaN",
              "[".repeat(70),
              "{\"a\":".repeat(70),
              "<a>".repeat(70),
              "]]]]}}}}",
              "\"",
              "\\",
              "'",
              ",",
              ";",
              ":",
              "\n",
              "\r\n",
              "null",
              "true",
              "{}",
              "[]",
              "[[1]]",
              "\"\"",
              "\" \"",
              "\u00a0",
              "\u2003",
              "\ud83d\ude00",
              "<![CDATA[x]]>",
              "<!DOCTYPE a [<!ENTITY x \"y\">]>",
              "<!-- x -->",
              "<?x y?>",
              "&#0;",
              "&#x10FFFF;",
              "&amp;&x;",
              "<a xmlns:b='c' b:d='e'/>",
              "</",
              "x".repeat(300),
              "$(1,234.50)%K",
              "1.234.567,89 \u20ac",
              "30.03.2025 02:30",
              "2025-02-30T25:61:61Z",
              "+999999999-12-31T23:59:59Z",
              "1738702801123",
              "-9223372036854775808",
              "\"id\":1,\"id\":2,")
          .map(text -> text.getBytes(StandardCharsets.UTF_8))
          .toArray(byte[][]::new);

  private final SplittableRandom random;
  private final List<Binding> bindings = new ArrayList<>();
  private final List<List<byte[]>> samples = new ArrayList<>();
  private final List<Map<String, String>> attributes = new ArrayList<>();

  FuzzPayloads(long seed, SchemaCatalog catalog, Path schemas) throws IOException {
    this.random = new SplittableRandom(seed);
    for (Binding binding : catalog.bindings()) {
      bindings.add(binding);
      samples.add(new ArrayList<>());
      attributes.add(new TreeMap<>(Map.of("file", "in/a.json")));
      read(schemas.resolve("fixtures").resolve(binding.name()));
    }
  }

  private void read(Path folder) throws IOException {
    List<byte[]> own = samples.get(samples.size() - 1);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().collect(Collectors.toList())) {
        String name = file.getFileName().toString();
        if (name.matches("[^.]+\\.(json|xml)")) {
          own.add(Files.readAllBytes(file));
        } else if (name.matches("[^.]+\\.(ndjson|csv)")) {
          List<String> lines = new ArrayList<>(Files.readAllLines(file));
          if (name.endsWith(".csv")) {
            attributes.get(attributes.size() - 1).put("header", lines.remove(0));
          }
          lines.forEach(line -> own.add(line.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
  }

  /** The next record of one of the bindings. */
  RawRecord next() {
    int which = random.nextInt(bindings.size());
    Binding binding = bindings.get(which);
    byte[] payload = random.nextInt(5) == 0 ? document(binding.format()) : pick(samples.get(which));
    for (int mutations = random.nextInt(6) - 2; mutations > 0; mutations--) {
      payload = mutate(payload, which);
    }
    return RawRecord.builder()
        .source(binding.source())
        .entity(binding.entity())
        .runId("fuzz")
        .batchId("fuzz")
        .ingestTimeMicros(
            random.nextInt(50) == 0 ? random.nextLong() : LanguageFixture.INGEST_MICROS)
        .contentType("text/plain")
        .payload(payload)
        .attributes(attributes(which))
        .build();
  }

  private Map<String, String> attributes(int which) {
    Map<String, String> own = attributes.get(which);
    if (random.nextInt(20) != 0) {
      return own;
    }
    Map<String, String> spoilt = new TreeMap<>(own);
    for (String name : own.keySet()) {
      byte[] bytes = mutate(own.get(name).getBytes(StandardCharsets.UTF_8), which);
      spoilt.put(name, new String(bytes, StandardCharsets.UTF_8));
    }
    return spoilt;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private byte[] mutate(byte[] in, int which) {
    int from = random.nextInt(in.length + 1);
    int to = from + random.nextInt(Math.min(40, in.length - from) + 1);
    switch (random.nextInt(9)) {
      case 0:
        return Arrays.copyOf(in, from);
      case 1:
        return splice(in, from, from, NOISE[random.nextInt(NOISE.length)]);
      case 2:
        return splice(in, from, to, NOISE[random.nextInt(NOISE.length)]);
      case 3:
        return splice(in, from, to, new byte[0]);
      case 4:
        return splice(in, to, to, Arrays.copyOfRange(in, from, to));
      case 5:
        byte[] noise = new byte[1 + random.nextInt(3)];
        random.nextBytes(noise);
        return splice(in, from, from + Math.min(noise.length, in.length - from), noise);
      case 6:
        byte[] other = pick(samples.get(random.nextInt(10) == 0 ? otherBinding() : which));
        int start = random.nextInt(other.length + 1);
        return splice(in, from, to, Arrays.copyOfRange(other, start, other.length));
      case 7:
        return token(in, from);
      default:
        int wraps = random.nextInt(80);
        byte[] wrapped = splice(in, 0, 0, "[".repeat(wraps).getBytes(StandardCharsets.UTF_8));
        return splice(
            wrapped,
            wrapped.length,
            wrapped.length,
            "]".repeat(wraps).getBytes(StandardCharsets.UTF_8));
    }
  }

  private int otherBinding() {
    return random.nextInt(samples.size());
  }

  /** Replaces a whole number or text, so that the document around it stays sound. */
  private byte[] token(byte[] in, int near) {
    int from = near;
    while (from < in.length && !isTokenByte(in[from])) {
      from++;
    }
    int to = from;
    while (to < in.length && isTokenByte(in[to])) {
      to++;
    }
    return splice(in, from, to, NOISE[random.nextInt(NOISE.length)]);
  }

  private static boolean isTokenByte(byte b) {
    return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b == '.' || b == '-';
  }

  private static byte[] splice(byte[] in, int from, int to, byte[] middle) {
    int length = from + middle.length + in.length - to;
    byte[] out = Arrays.copyOf(in, length);
    System.arraycopy(middle, 0, out, from, middle.length);
    System.arraycopy(in, to, out, from + middle.length, in.length - to);
    return length <= MAX_BYTES ? out : Arrays.copyOf(out, MAX_BYTES);
  }

  private byte[] document(Format format) {
    StringBuilder out = new StringBuilder();
    switch (format) {
      case JSON:
        json(out, 0);
        break;
      case CSV:
        for (int cells = random.nextInt(10); cells >= 0; cells--) {
          out.append(noise()).append(random.nextInt(2) == 0 ? ',' : ';');
        }
        break;
      default:
        xml(out, 0);
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String noise() {
    return new String(NOISE[random.nextInt(NOISE.length)], StandardCharsets.UTF_8);
  }

  private static final String[] NAMES = {
    "symbol", "book", "trades", "id", "t", "p", "price", "date", "_id", "fee", "$numberDecimal", "é"
  };

  private void json(StringBuilder out, int depth) {
    switch (random.nextInt(depth < 5 ? 8 : 5)) {
      case 0:
        out.append(random.nextLong());
        break;
      case 1:
        out.append(Double.longBitsToDouble(random.nextLong()));
        break;
      case 2:
        out.append(random.nextInt(2) == 0 ? "null" : "true");
        break;
      case 3:
        out.append('"').append(noise().replace("\"", "")).append('"');
        break;
      case 4:
        out.append("\"v").append(random.nextInt(100)).append('"');
        break;
      case 5:
        out.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
          json(out, depth + 1);
          out.append(i > 1 ? "," : "");
        }
        out.append(']');
        break;
      default:
        out.append('{');
        for (int i = random.nextInt(6); i > 0; i--) {
          out.append('"').append(NAMES[random.nextInt(NAMES.length)]).append("\":");
          json(out, depth + 1);
          out.append(i > 1 ? "," : "");
        }
        out.append('}');
    }
  }

  private static final String[] ELEMENTS = {
    "feed", "entry", "id", "deal", "symbol", "at", "price", "link", "deal:symbol", "updated"
  };

  private void xml(StringBuilder out, int depth) {
    String name = ELEMENTS[depth == 0 ? random.nextInt(4) : random.nextInt(ELEMENTS.length)];
    out.append('<').append(name);
    if (random.nextInt(3) == 0) {
      out.append(" id=\"").append(random.nextInt(100)).append('"');
    }
    out.append('>');
    for (int i = random.nextInt(depth < 5 ? 6 : 1); i > 0; i--) {
      if (random.nextInt(3) == 0) {
        out.append(random.nextInt(4) == 0 ? noise() : "text " + i);
      } else {
        xml(out, depth + 1);
      }
    }
    out.append("</").append(name).append('>');
  }
}
