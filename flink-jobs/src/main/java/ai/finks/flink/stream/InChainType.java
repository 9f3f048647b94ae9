package ai.finks.flink.stream;

import java.util.Objects;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The type of values that never leave a chain of operators.
 *
 * <p>They are handed on as objects. A job that would send them over a network or copy them is wired
 * wrongly, and finds out at the first one.
 */
public final class InChainType<T> extends TypeInformation<T> {
  private static final long serialVersionUID = 1;

  private final Class<T> type;

  private InChainType(Class<T> type) {
    this.type = type;
  }

  public static <T> InChainType<T> of(Class<T> type) {
    return new InChainType<>(type);
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<T> getTypeClass() {
    return type;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return new InChainSerializer<>();
  }

  @Override
  @Deprecated
  public TypeSerializer<T> createSerializer(ExecutionConfig config) {
    return new InChainSerializer<>();
  }

  @Override
  public String toString() {
    return "InChain<" + type.getSimpleName() + ">";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InChainType && type.equals(((InChainType<?>) other).type);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof InChainType;
  }

  /** Refuses to do what must not be needed. */
  static final class InChainSerializer<T> extends TypeSerializerSingleton<T> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
      return true;
    }

    @Override
    public T createInstance() {
      throw leftChain();
    }

    @Override
    public T copy(T from) {
      throw leftChain();
    }

    @Override
    public T copy(T from, T reuse) {
      throw leftChain();
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(T value, DataOutputView target) {
      throw leftChain();
    }

    @Override
    public T deserialize(DataInputView source) {
      throw leftChain();
    }

    @Override
    public T deserialize(T reuse, DataInputView source) {
      throw leftChain();
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) {
      throw leftChain();
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
      return new Snapshot<>();
    }

    private static IllegalStateException leftChain() {
      return new IllegalStateException(
          "A value that lives in a chain of operators only was about to leave it. Chaining and"
              + " object reuse must be on, and source, operator and writer equally parallel.");
    }

    /** Nothing is ever stored with this serializer. */
    public static final class Snapshot<T> extends SimpleTypeSerializerSnapshot<T> {
      public Snapshot() {
        super(InChainSerializer::new);
      }
    }
  }
}
