package ai.finks.flink.silver.io;

import ai.finks.flink.table.LakeCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.util.OutputTag;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;

/**
 * Silver rows of late periods on their way from one writer to another: as what, and by which key.
 */
final class LateRows {
  private final TypeInformation<RowData> type;
  private final int[] levels;

  private LateRows(TypeInformation<RowData> type, int[] levels) {
    this.type = type;
    this.levels = levels;
  }

  /** Rows as the pipeline's Silver table has them when the job is defined. */
  static LateRows of(Pipeline pipeline) {
    try (LakeCatalog catalog = pipeline.catalogLoader().open()) {
      Table silver = catalog.load(pipeline.table(PipelineTable.SILVER));
      return new LateRows(
          InternalTypeInfo.of(FlinkSchemaUtil.convert(silver.schema())),
          PartitionedFiles.columns(silver));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  OutputTag<RowData> tag() {
    return new OutputTag<>("late", type);
  }

  /** All rows of a period have one key, so they meet in one file. */
  KeySelector<RowData, String> period() {
    return new PeriodOf(levels);
  }

  private static final class PeriodOf implements KeySelector<RowData, String> {
    private static final long serialVersionUID = 1;

    private final int[] levels;

    PeriodOf(int[] levels) {
      this.levels = levels;
    }

    @Override
    public String getKey(RowData row) {
      StringBuilder period = new StringBuilder();
      for (int level : levels) {
        period.append(row.getString(level)).append('/');
      }
      return period.toString();
    }
  }
}
