/** AWS's Glue Schema Registry as a registry of Finks. */
package ai.finks.schemas.glue;
