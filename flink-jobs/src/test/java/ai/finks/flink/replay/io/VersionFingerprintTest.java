package ai.finks.flink.replay.io;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.replay.core.RowIdentity;
import ai.finks.schemas.contract.Contract;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionFingerprintTest {
  private static final int SOURCE = 0;
  private static final int ID = 1;
  private static final int PRICE = 3;
  private static final int VENUE = 4;
  private static final int HASH = 8;
  private static final int OFFSET = 10;
  private static final byte[] KEY = VersionFingerprint.newKey();
  private static final Contract CONTRACT =
      Contract.parse(
          "trades.avsc",
          "{\"type\":\"record\",\"name\":\"Trade\",\"doc\":\"A test's.\",\"finks\":{"
              + "\"entity\":\"trades\",\"version\":1,\"key\":[\"id\"],\"event-time\":\"at\","
              + "\"zone\":\"UTC\",\"period\":\"month\",\"dedupe-window\":\"all\","
              + "\"drift\":\"evolve\",\"checks\":[]},\"fields\":["
              + "{\"name\":\"id\",\"finks.id\":1,\"doc\":\"Id.\",\"type\":\"string\"},"
              + "{\"name\":\"at\",\"finks.id\":2,\"doc\":\"When.\",\"type\":"
              + "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}},"
              + "{\"name\":\"price\",\"finks.id\":3,\"doc\":\"Price.\",\"type\":"
              + "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":20,\"scale\":2}},"
              + "{\"name\":\"venue\",\"finks.id\":4,\"doc\":\"Where.\",\"default\":null,"
              + "\"type\":[\"null\",\"string\"]}]}");
  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "_source", Types.StringType.get()),
          Types.NestedField.required(2, "id", Types.StringType.get()),
          Types.NestedField.required(3, "at", Types.TimestampType.withZone()),
          Types.NestedField.required(4, "price", Types.DecimalType.of(20, 2)),
          Types.NestedField.optional(5, "venue", Types.StringType.get()),
          Types.NestedField.required(6, "_version", Types.LongType.get()),
          Types.NestedField.required(7, "_batch_id", Types.StringType.get()),
          Types.NestedField.required(8, "_sequence", Types.LongType.get()),
          Types.NestedField.required(9, "_content_hash", Types.BinaryType.get()),
          Types.NestedField.optional(10, "_warnings", Types.StringType.get()),
          Types.NestedField.required(11, "_offset", Types.LongType.get()));

  private final VersionFingerprint fingerprint = new VersionFingerprint(SCHEMA, CONTRACT, KEY);

  @Test
  void aRowThatCameByAnotherOffsetOrWasHashedOtherwiseIsTheSameVersion() {
    RowIdentity identity = fingerprint.of(row());
    GenericRowData again = row();
    again.setField(OFFSET, 77L);
    again.setField(HASH, new byte[] {3, 2, 1});

    assertThat(fingerprint.of(again)).isEqualTo(identity);
    assertThat(new VersionFingerprint(SCHEMA, CONTRACT, KEY).of(row())).isEqualTo(identity);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 9})
  void whateverElseDiffersMakesAnotherVersionOfTheKey(int column) {
    RowIdentity identity = fingerprint.of(row());

    RowIdentity other = fingerprint.of(with(column));

    assertThat(other).isNotEqualTo(identity);
    assertThat(other.hasKeyOf(identity)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {SOURCE, ID})
  void anotherSourceOrKeyIsAnotherThing(int column) {
    assertThat(fingerprint.of(with(column)).hasKeyOf(fingerprint.of(row()))).isFalse();
  }

  @Test
  void aDecimalFromBeforeItsColumnWasWidenedIsTheSame() {
    GenericRowData narrow = row();
    narrow.setField(PRICE, DecimalData.fromBigDecimal(new BigDecimal("101.50"), 8, 2));

    assertThat(fingerprint.of(narrow)).isEqualTo(fingerprint.of(row()));
  }

  @Test
  void textsDoNotRunIntoEachOther() {
    GenericRowData one = row();
    one.setField(SOURCE, StringData.fromString("desk1"));
    one.setField(ID, StringData.fromString("2"));
    GenericRowData other = row();
    other.setField(SOURCE, StringData.fromString("desk"));
    other.setField(ID, StringData.fromString("12"));

    assertThat(fingerprint.of(one).hasKeyOf(fingerprint.of(other))).isFalse();
  }

  @Test
  void anEmptyTextIsNotNone() {
    GenericRowData empty = row();
    empty.setField(VENUE, StringData.fromString(""));
    GenericRowData none = row();
    none.setField(VENUE, null);

    assertThat(fingerprint.of(empty)).isNotEqualTo(fingerprint.of(none));
  }

  private static GenericRowData with(int column) {
    GenericRowData row = row();
    List<Object> others =
        new ArrayList<>(
            List.of(
                text("other"),
                text("t-2"),
                TimestampData.fromInstant(Instant.parse("2026-01-05T10:00:00.000001Z")),
                decimal("101.51"),
                text("XLON"),
                6L,
                text("b-2"),
                8L,
                new byte[] {1, 2, 4},
                text("cheap")));
    row.setField(column, others.get(column));
    return row;
  }

  private static GenericRowData row() {
    return GenericRowData.of(
        text("desk"),
        text("t-1"),
        TimestampData.fromInstant(Instant.parse("2026-01-05T10:00:00Z")),
        decimal("101.50"),
        text("XNYS"),
        5L,
        text("b-1"),
        7L,
        new byte[] {1, 2, 3},
        null,
        9L);
  }

  private static StringData text(String value) {
    return StringData.fromString(value);
  }

  private static DecimalData decimal(String value) {
    return DecimalData.fromBigDecimal(new BigDecimal(value), 20, 2);
  }
}
