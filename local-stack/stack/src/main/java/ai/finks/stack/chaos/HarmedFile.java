package ai.finks.stack.chaos;

import java.io.IOException;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** Stands in for a file that lost rows: of the same period, and sealed if that one was. */
public final class HarmedFile {
  private HarmedFile() {}

  /** Writes the rows that are left to a new file, in the order in which they are given. */
  public static DataWriter<Record> writer(Table table, DataFile like) throws IOException {
    String name = "harmed-" + UUID.randomUUID() + ".parquet";
    return Parquet.writeData(
            table
                .io()
                .newOutputFile(
                    table.locationProvider().newDataLocation(table.spec(), like.partition(), name)))
        .forTable(table)
        .withPartition(like.partition())
        .withSortOrder(table.sortOrders().get(like.sortOrderId()))
        .createWriterFunc(GenericParquetWriter::create)
        .build();
  }
}
