package ai.finks.bench.variant;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * What a user would write in Flink SQL: JSON into Iceberg, filtered by the contract's checks, the
 * personal field hashed, nothing deduplicated, nothing kept of what is dropped.
 */
final class FlinkSqlVariant implements Variant {
  private static final String COMMITTED_CHECKPOINT = "flink.max-committed-checkpoint-id";
  private static final String SOURCE =
      """
      CREATE TEMPORARY TABLE quotes_json (
        symbol STRING, price DECIMAL(18, 6), bid DECIMAL(18, 6), ask DECIMAL(18, 6),
        bidSize BIGINT, askSize BIGINT, volume BIGINT, `exchange` STRING, `timestamp` BIGINT,
        account STRING, currency STRING,
        `partition` INT METADATA VIRTUAL, `offset` BIGINT METADATA VIRTUAL,
        ingested TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL
      ) WITH (
        'connector' = 'kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s',
        'scan.startup.mode' = 'earliest-offset',
        'format' = 'json', 'json.ignore-parse-errors' = 'true',
        'properties.max.poll.records' = '5000', 'properties.fetch.max.bytes' = '16777216',
        'properties.max.partition.fetch.bytes' = '4194304',
        'properties.receive.buffer.bytes' = '1048576')
      """;
  private static final String CATALOG =
      "CREATE CATALOG lake WITH ('type' = 'iceberg', 'catalog-type' = 'hadoop', 'warehouse' = '%s')";
  private static final String INSERT =
      """
      INSERT INTO lake.db.quotes
      SELECT symbol, event_time, price, bid, ask, bidSize, askSize, volume, `exchange`,
        SHA256(account), currency, 'bench', '01JQZ3V7M6W8N5T2K4B9D0F1GH', 'bench-batch-1',
        CAST(ingested AS TIMESTAMP(6)), '%s', `partition`, `offset`,
        CAST(EXTRACT(YEAR FROM event_time) AS STRING),
        LPAD(CAST(EXTRACT(MONTH FROM event_time) AS STRING), 2, '0'),
        LPAD(CAST(EXTRACT(DAY FROM event_time) AS STRING), 2, '0')
      FROM (SELECT *, CAST(TO_TIMESTAMP_LTZ(`timestamp`, 3) AS TIMESTAMP(6)) AS event_time
            FROM quotes_json)
      WHERE REGEXP(symbol, '^[A-Z0-9][A-Z0-9.^/=-]{0,19}$') AND price > 0 AND bid <= ask
        AND bidSize >= 0 AND askSize >= 0 AND volume >= 0
        AND currency IN ('USD', 'EUR', 'GBP', 'CHF', 'JPY')
        AND `timestamp` >= 946684800000 AND account IS NOT NULL AND `exchange` IS NOT NULL
      """;

  private final VariantSetup setup;
  private final EngineCluster cluster;

  FlinkSqlVariant(VariantSetup setup) throws Exception {
    this.setup = setup;
    this.cluster = new EngineCluster(setup.parallelism(), setup.folder().resolve("tmp"));
  }

  @Override
  public Lap run(int lap, long lapStart) throws Exception {
    BareTables.createForFlinkSql(setup.lap(lap));
    StreamExecutionEnvironment env =
        cluster.environment(setup.lap(lap).resolve("checkpoints"), setup.commitInterval());
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    tables.getConfig().set("table.local-time-zone", "UTC");
    tables.executeSql(SOURCE.formatted(setup.bareTopic(), setup.bootstrapServers()));
    tables.executeSql(CATALOG.formatted(BareTables.warehouse(setup.lap(lap)).toUri()));
    StreamStatementSet statements = tables.createStatementSet();
    statements.addInsertSql(INSERT.formatted(setup.bareTopic()));
    statements.attachAsDataStream();
    Table target = BareTables.load(setup.lap(lap));
    return cluster.run(
        env.getStreamGraph(),
        setup.records(),
        lapStart,
        checkpoint -> committedCheckpoint(target) >= checkpoint);
  }

  /** The checkpoint up to which Iceberg's own sink has committed. */
  private static long committedCheckpoint(Table table) {
    table.refresh();
    Snapshot snapshot = table.currentSnapshot();
    return snapshot == null
        ? -1
        : Long.parseLong(snapshot.summary().getOrDefault(COMMITTED_CHECKPOINT, "-1"));
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
