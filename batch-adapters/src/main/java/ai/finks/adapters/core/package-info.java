/** Pure rules of the adapters: no client, no clock, no random source. */
package ai.finks.adapters.core;
