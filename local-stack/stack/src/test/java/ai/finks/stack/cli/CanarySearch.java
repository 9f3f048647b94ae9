package ai.finks.stack.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.shaded.org.apache.avro.file.DataFileStream;
import org.apache.iceberg.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.iceberg.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetFileReader;

/**
 * Looks for planted values in files of every kind that a home has: as they are, and decoded. A
 * value counts as found in any letter case, and as hexadecimal digits or Base64.
 */
final class CanarySearch {
  private final Map<String, List<String>> forms = new TreeMap<>();

  /**
   * @param canaries of ASCII letters and digits, long enough to be nothing else
   */
  CanarySearch(Set<String> canaries) {
    for (String canary : canaries) {
      List<String> of = new ArrayList<>(List.of(canary.toLowerCase(Locale.ROOT)));
      of.add(hex(canary));
      // In Base64 a text looks different at each of three places; its ends depend on neighbours.
      for (int shift = 0; shift < 3; shift++) {
        String encoded =
            Base64.getEncoder().encodeToString(("x".repeat(shift) + canary).getBytes(UTF_8));
        of.add(encoded.substring(4, encoded.length() - 4).toLowerCase(Locale.ROOT));
      }
      forms.put(canary, of);
    }
  }

  private static String hex(String text) {
    StringBuilder digits = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      digits.append(String.format("%02x", b));
    }
    return digits.toString();
  }

  /** The canaries in a text. */
  Set<String> in(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    Set<String> found = new TreeSet<>();
    forms.forEach(
        (canary, of) -> {
          if (of.stream().anyMatch(lower::contains)) {
            found.add(canary);
          }
        });
    return found;
  }

  /** The canaries below a folder, by the file that holds them; some folders are left out. */
  Map<Path, Set<String>> below(Path root, Set<Path> except) throws IOException {
    Map<Path, Set<String>> found = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return except.contains(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Set<String> canaries = in(file);
            if (!canaries.isEmpty()) {
              found.put(root.relativize(file), canaries);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return found;
  }

  private Set<String> in(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Set<String> found = in(new String(file.toString().getBytes(UTF_8), ISO_8859_1));
    found.addAll(in(new String(bytes, ISO_8859_1)));
    String name = file.getFileName().toString();
    if (name.endsWith(".gz")) {
      found.addAll(
          in(
              new String(
                  new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(),
                  ISO_8859_1)));
    } else if (name.endsWith(".avro")) {
      found.addAll(inAvro(bytes));
    } else if (name.endsWith(".parquet")) {
      found.addAll(inParquet(file));
    }
    return found;
  }

  private Set<String> inAvro(byte[] bytes) throws IOException {
    Set<String> found = new TreeSet<>();
    try (DataFileStream<GenericRecord> records =
        new DataFileStream<>(new ByteArrayInputStream(bytes), new GenericDatumReader<>())) {
      records.forEach(record -> found.addAll(in(record.toString())));
    }
    return found;
  }

  /** Row by row: encodings may split values on the page. */
  private Set<String> inParquet(Path file) throws IOException {
    Set<String> found = new TreeSet<>();
    Schema schema;
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new org.apache.iceberg.shaded.org.apache.parquet.io.LocalInputFile(file))) {
      schema = ParquetSchemaUtil.convert(reader.getFileMetaData().getSchema());
    }
    try (CloseableIterable<Record> rows =
        Parquet.read(org.apache.iceberg.Files.localInput(file.toFile()))
            .project(schema)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
            .build()) {
      rows.forEach(row -> found.addAll(in(text(row))));
    }
    return found;
  }

  private static String text(Object value) {
    StringBuilder text = new StringBuilder();
    if (value instanceof Record record) {
      for (int i = 0; i < record.size(); i++) {
        text.append(text(record.get(i))).append('\n');
      }
    } else if (value instanceof List<?> list) {
      list.forEach(each -> text.append(text(each)).append('\n'));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> text.append(text(key)).append('\n').append(text(each)));
    } else if (value instanceof ByteBuffer buffer) {
      text.append(ISO_8859_1.decode(buffer.duplicate()));
    } else if (value != null) {
      text.append(new String(value.toString().getBytes(UTF_8), ISO_8859_1));
    }
    return text.toString();
  }
}
