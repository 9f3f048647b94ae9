package ai.finks.stack.embedded;

import ai.finks.broker.BrokerMain;
import ai.finks.broker.LoopbackPorts;
import ai.finks.processes.ChildProcess;
import ai.finks.processes.Program;
import ai.finks.processes.S3Access;
import ai.finks.processes.S3Proxy;
import ai.finks.stack.flink.FlinkProcesses;
import ai.finks.stack.flink.FlinkSettings;
import ai.finks.stack.flink.JobCluster;
import ai.finks.stack.flink.JobDefaults;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.ProcessIdentity;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.LakePlace;
import ai.finks.stack.processes.KeptProcess;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker, object store and Flink as processes of their own, each kept: one that dies is started
 * again at its address. Flink's job manager forgets its jobs when it dies; they are submitted anew,
 * from where their tables stand. All of them end with this process.
 */
final class ProcessEngines implements Engines {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessEngines.class);
  private static final int SECRET_BYTES = 24;

  private final StackConfig config;
  private final StackBoard board;
  private final FinksHome home;
  private final LakePlace lake;
  private final S3Access access;
  private final int storePort = LoopbackPorts.free();
  private final ConcurrentLinkedDeque<KeptProcess> kept = new ConcurrentLinkedDeque<>();
  private volatile @Nullable FlinkProcesses flink;
  private volatile @Nullable StackJobs jobs;

  ProcessEngines(StackConfig config, StackBoard board) {
    this.config = config;
    this.board = board;
    this.home = config.home();
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    this.access = new S3Access("finks", HexFormat.of().formatHex(secret));
    this.lake =
        LakePlace.behind(
            URI.create("http://127.0.0.1:" + storePort),
            access,
            config.processes().resolve("plugins"));
  }

  @Override
  public String startBroker() throws Exception {
    int port = LoopbackPorts.free();
    int controllerPort = LoopbackPorts.free();
    String bootstrapServers = "127.0.0.1:" + port;
    Program program =
        new Program(
            ProcessIdentity.mark("kafka"),
            System.getProperty("java.class.path"),
            BrokerMain.class.getName(),
            List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Djava.io.tmpdir=" + home.scratch(),
                "-Dlogback.configurationFile=ai/finks/stack/logback-process.xml"),
            List.of(
                home.kafka().toString(), Integer.toString(port), Integer.toString(controllerPort)),
            Map.of(),
            home.logs().resolve("kafka.log"));
    keep(
        new KeptProcess(
            "The broker",
            () -> ChildProcess.start(program),
            () -> !LoopbackPorts.isFree(port),
            process -> board.component("kafka", bootstrapServers, process),
            this::endWithout));
    return bootstrapServers;
  }

  @Override
  public void startLake() throws Exception {
    S3Proxy.Settings settings =
        new S3Proxy.Settings(
            ProcessIdentity.mark("s3"),
            config.processes().resolve("s3proxy"),
            home.objects(),
            LakePlace.bucket(),
            access,
            storePort,
            home.settings().resolve("s3proxy.properties"),
            home.logs().resolve("s3.log"));
    keep(
        new KeptProcess(
            "The object store",
            () -> S3Proxy.start(settings).process(),
            () -> !LoopbackPorts.isFree(storePort),
            process -> board.component("s3", lake.endpoint().toString(), process),
            this::endWithout));
    lake.write(home);
  }

  private void keep(KeptProcess process) throws Exception {
    kept.push(process);
    process.start();
  }

  @Override
  public JobCluster startFlink() throws Exception {
    FlinkSettings settings =
        new FlinkSettings(
            home,
            config.processes().resolve("flink"),
            config.processes().resolve("plugins"),
            config.processes().resolve("finks-jobs.jar"),
            config.slots(),
            JobDefaults.of(home, config.parallelism(), config.checkpointInterval()),
            lake,
            LoopbackPorts.free(),
            LoopbackPorts.free());
    String url = "http://127.0.0.1:" + settings.restPort();
    FlinkProcesses started =
        FlinkProcesses.start(
            settings, (name, process) -> board.component(name, url, process), this::endWithout);
    flink = started;
    return started;
  }

  @Override
  public void keep(StackJobs submitter) {
    jobs = submitter;
    FlinkProcesses cluster = flink;
    if (cluster != null) {
      cluster.whenJobsAreLost(() -> submitAgain(submitter));
    }
  }

  private void submitAgain(StackJobs submitter) {
    board.enter(StackRecord.State.STARTING);
    try {
      submitter.startAgain();
    } catch (Exception e) {
      throw new IllegalStateException("Jobs could not be submitted again: " + e.getMessage(), e);
    }
    board.enter(StackRecord.State.UP);
  }

  /** The next start finds all as it is: better no stack than one that lacks a part. */
  private void endWithout(Throwable why) {
    LOG.error("ending, as a part of the stack is gone for good", why);
    board.fail(EmbeddedStack.reasonOf(why));
    System.exit(1);
  }

  /** Behind savepoints, so that all they read is committed. */
  @Override
  public void stopJobs() {
    StackJobs submitter = jobs;
    if (submitter != null) {
      submitter.stopAll();
    }
  }

  @Override
  public void close() {
    FlinkProcesses cluster = flink;
    if (cluster != null) {
      cluster.close();
    }
    while (!kept.isEmpty()) {
      kept.pop().close();
    }
  }
}
