package ai.finks.flink.table;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The job must stop and stay stopped until a person has looked: a restart would meet the same state
 * again. Flink recognises the annotation anywhere in a chain of causes and does not restart.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public class JobStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public JobStoppedException(String message) {
    super(message);
  }
}
