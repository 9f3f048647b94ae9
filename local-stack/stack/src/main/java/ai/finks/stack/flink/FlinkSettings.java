package ai.finks.stack.flink;

import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.LakePlace;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;

/**
 * How a cluster of processes is run.
 *
 * @param home where logs, scratch space and settings go
 * @param libraries folder with Flink's own jars
 * @param plugins folder with a folder per plugin
 * @param applicationJar the jobs
 * @param slots of the task manager
 * @param jobDefaults see {@link JobDefaults}
 * @param lake the store that Bronze's files are written to
 * @param restPort of the job manager, on loopback
 * @param rpcPort of the job manager, on loopback
 */
public record FlinkSettings(
    FinksHome home,
    Path libraries,
    Path plugins,
    Path applicationJar,
    int slots,
    Configuration jobDefaults,
    LakePlace lake,
    int restPort,
    int rpcPort) {}
