package ai.finks.stack.home;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs on a home, as the stack wrote it into {@code stack.json}: the file is replaced as a
 * whole at each step, so a reader sees one state or the next.
 *
 * @param state how far the stack is
 * @param process the stack's process
 * @param startedAt ISO-8601 UTC
 * @param components what runs, in order of start
 * @param steps steps of the start that are done, in order
 * @param jobs Flink jobs
 * @param error why the stack failed, null unless it did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StackRecord(
    State state,
    ProcessIdentity process,
    String startedAt,
    List<Component> components,
    List<Step> steps,
    List<Job> jobs,
    @Nullable String error) {

  /** How far a stack is. */
  public enum State {
    STARTING,
    UP,
    STOPPING,
    DOWN,
    FAILED
  }

  /**
   * A part of the stack.
   *
   * @param name short name, e.g. {@code registry}
   * @param url where it listens
   * @param process its process
   */
  public record Component(String name, String url, ProcessIdentity process) {}

  /**
   * One done step of the start.
   *
   * @param name what was done
   * @param millis how long it took
   */
  public record Step(String name, long millis) {}

  /**
   * A Flink job.
   *
   * @param name {@code bronze} or {@code silver}
   * @param id Flink's id in hexadecimal
   */
  public record Job(String name, String id) {}

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Copies the lists. */
  public StackRecord {
    components = List.copyOf(components);
    steps = List.copyOf(steps);
    jobs = List.copyOf(jobs);
  }

  /** A stack of the calling process that just began to start. */
  public static StackRecord starting(String startedAt) {
    return new StackRecord(
        State.STARTING,
        ProcessIdentity.current(),
        startedAt,
        List.of(),
        List.of(),
        List.of(),
        null);
  }

  /** What is recorded in {@code home}, or empty when no stack ever ran there. */
  public static Optional<StackRecord> read(FinksHome home) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(home.stackFile()), StackRecord.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces the record in {@code home}. */
  public void write(FinksHome home) throws IOException {
    Path fresh = home.folder().resolve("stack.json.tmp");
    Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    try {
      Files.move(fresh, home.stackFile(), StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, home.stackFile(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The component of that name. */
  public Optional<Component> component(String name) {
    return components.stream().filter(component -> component.name().equals(name)).findFirst();
  }

  /** Where the component of that name listens. */
  public Optional<String> url(String name) {
    return component(name).map(Component::url);
  }

  /** The same in another state. */
  public StackRecord in(State newState) {
    return new StackRecord(newState, process, startedAt, components, steps, jobs, error);
  }

  /** The same, failed. */
  public StackRecord failed(String why) {
    return new StackRecord(State.FAILED, process, startedAt, components, steps, jobs, why);
  }

  /** The same with a component, in place of one of the same name. */
  public StackRecord with(Component component) {
    List<Component> others =
        components.stream().filter(other -> !other.name().equals(component.name())).toList();
    return new StackRecord(state, process, startedAt, plus(others, component), steps, jobs, error);
  }

  /** The same with one more step done. */
  public StackRecord with(Step step) {
    return new StackRecord(state, process, startedAt, components, plus(steps, step), jobs, error);
  }

  /** The same with a job, in place of one of the same name. */
  public StackRecord with(Job job) {
    List<Job> others = without(job.name()).jobs();
    return new StackRecord(state, process, startedAt, components, steps, plus(others, job), error);
  }

  /** The same without the job of that name. */
  public StackRecord without(String job) {
    List<Job> others = jobs.stream().filter(known -> !known.name().equals(job)).toList();
    return new StackRecord(state, process, startedAt, components, steps, others, error);
  }

  private static <T> List<T> plus(List<T> list, T element) {
    List<T> longer = new ArrayList<>(list);
    longer.add(element);
    return longer;
  }
}
