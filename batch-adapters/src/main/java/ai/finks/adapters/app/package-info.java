/** The command line of {@link ai.finks.adapters.AdapterApp}. */
package ai.finks.adapters.app;
