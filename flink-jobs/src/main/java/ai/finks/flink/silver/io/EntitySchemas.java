package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The contract and bindings of one entity as text: read and checked where the job is submitted,
 * compiled where it runs.
 */
public final class EntitySchemas implements Serializable {
  private static final long serialVersionUID = 1;

  private final String contractFile;
  private final String contractText;
  private final TreeMap<String, String> bindingTexts;

  private EntitySchemas(
      String contractFile, String contractText, TreeMap<String, String> bindingTexts) {
    this.contractFile = contractFile;
    this.contractText = contractText;
    this.bindingTexts = bindingTexts;
  }

  /** The texts behind an entity of a catalog that was loaded from files. */
  public static EntitySchemas of(SchemaCatalog catalog, String entity) {
    Contract contract =
        catalog
            .contract(entity)
            .orElseThrow(
                () -> new IllegalArgumentException("There is no contract for entity " + entity));
    TreeMap<String, String> bindings = new TreeMap<>();
    for (Binding binding : catalog.bindingsOf(entity)) {
      bindings.put(binding.file(), read(binding.file()));
    }
    if (bindings.isEmpty()) {
      throw new IllegalArgumentException("Entity " + entity + " has no binding: nothing feeds it");
    }
    return new EntitySchemas(contract.file(), read(contract.file()), bindings);
  }

  public Contract contract() {
    return Contract.parse(contractFile, contractText);
  }

  public List<Binding> bindings() {
    List<Binding> bindings = new ArrayList<>();
    bindingTexts.forEach((file, text) -> bindings.add(Binding.parse(file, text)));
    return bindings;
  }

  /** Raw topic to the source whose records it carries. */
  public Map<String, String> sourceOfTopic() {
    TreeMap<String, String> sources = new TreeMap<>();
    bindings().forEach(binding -> sources.put(binding.topic(), binding.source()));
    return sources;
  }

  public SilverPlan compile(PiiKeys keys) {
    return SilverPlan.compile(contract(), bindings(), keys);
  }

  /** Changes with every change of the contract or a binding; 64 hexadecimal digits. */
  public String fingerprint() {
    StringBuilder all = new StringBuilder(contractText);
    bindingTexts.values().forEach(text -> all.append('\0').append(text));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return String.format("%064x", new BigInteger(1, digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
