/** Where secrets come from, and how they stay secret. */
package ai.finks.adapters.secret;
