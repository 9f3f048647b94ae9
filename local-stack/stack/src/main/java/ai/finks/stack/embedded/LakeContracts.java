package ai.finks.stack.embedded;

import ai.finks.schemas.SchemaCatalog;
import java.util.Collection;

/** What contracts ask of topics, keys and tables. */
interface LakeContracts {

  /** Makes what is missing: keys, topics, tables. Disturbs nothing that runs. */
  void createMissing(SchemaCatalog contracts) throws Exception;

  /** Whether rows of the entity are kept: then its contract says what they mean. */
  boolean holdsRows(String entity) throws Exception;

  /** Gives the tables of entities the columns of their contracts; no job may write them. */
  void evolve(SchemaCatalog contracts, Collection<String> entities) throws Exception;
}
