package ai.finks.stack.contracts;

import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.util.Optional;

/** Where contracts are kept for others to find, which may refuse them. */
public interface ContractRegistry {

  /**
   * Asks whether the registry would take a contract.
   *
   * @return what it says against it; empty when it would
   */
  Optional<String> objection(Contract contract) throws IOException, InterruptedException;

  /** Makes a contract the newest version of its entity; one that is there already stays. */
  void register(Contract contract) throws IOException, InterruptedException;
}
