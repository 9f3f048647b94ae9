package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.DedupeWindow;
import java.util.Arrays;

/**
 * The newest known version and content hash per key, of one stream partition: a cache of what the
 * tables tell.
 *
 * <p>A key costs 37 bytes (key 12, its tag 1, content hash 8, version 8, sequence 4, origin 4),
 * with free places 40 to 48, whatever the number of keys: an extendible directory of small segments
 * that grow by a sixth, so growing copies a quarter of a megabyte at a time and never doubles
 * anything. Each batch that is still the origin of a known version costs about 200 bytes more. Keys
 * and hashes are taken from keyed hashes, so nobody can make them collide on purpose; by chance two
 * of fifty million keys are one with a probability of 2e-14, and two contents with one of 5e-20.
 *
 * <p>With a window, a key is known from its row's arrival until the partition's {@linkplain
 * DedupeClock clock} has moved on by the window; memory is bounded by the keys of a window. What
 * has run out is taken as unknown at once and removed when its segment is full.
 *
 * <p>Used as {@link #compare} and then, if the row is taken, {@link #keep} or {@link #advance}.
 */
public final class KnownVersions {
  private static final int FIRST_DEPTH = 1;

  private final DedupeClock clock;
  private final Origins origins = new Origins();
  private VersionSegment[] directory;
  private byte[][] memories;
  private long[] shapes;
  private int depth = FIRST_DEPTH;
  private long size;

  // What compare() was asked last, and where it looked.
  private long key;
  private int keyLow;
  private long version;
  private long content;
  private String batchId = "";
  private long sequence;
  private VersionSegment segment;
  private int place;
  private boolean found;

  /** Remembers every key for ever. */
  public KnownVersions() {
    this(DedupeWindow.all());
  }

  public KnownVersions(DedupeWindow window) {
    this.clock = new DedupeClock(window);
    this.directory = new VersionSegment[1 << FIRST_DEPTH];
    this.memories = new byte[1 << FIRST_DEPTH][];
    this.shapes = new long[1 << FIRST_DEPTH];
    for (int i = 0; i < directory.length; i++) {
      fill(i, i + 1, VersionSegment.empty(FIRST_DEPTH));
    }
    this.segment = directory[0];
  }

  /** Number of keys that are held, including those that have run out and were not removed yet. */
  public long size() {
    return size;
  }

  /** Bytes of the arrays that hold the keys; origins come on top. */
  public long bytes() {
    long bytes = 0;
    VersionSegment last = null;
    for (VersionSegment each : directory) {
      bytes += each == last ? 0 : each.bytes();
      last = each;
    }
    return bytes;
  }

  /** Number of batches that are the origin of a held version. */
  int origins() {
    return origins.size();
  }

  /** Compares and, if the row is newer, remembers it; for windows of everything. */
  public VersionRule judge(
      long keyHigh, long keyLow, long version, String batchId, long sequence, long hash) {
    VersionRule rule = compare(keyHigh, keyLow, version, batchId, sequence, hash);
    if (rule == VersionRule.KEEP || rule == VersionRule.EXACT_AND_NEWER) {
      advance();
    }
    return rule;
  }

  /**
   * Decides about a row by the version rule, and remembers nothing.
   *
   * <p>A row is newer if its version is higher; among equal versions the batch id decides, then the
   * sequence, then the content hash. It is kept if it is newer and its content differs from the
   * known one.
   *
   * @param hash the first eight bytes of the content hash
   */
  public VersionRule compare(
      long keyHigh, long keyLow, long version, String batchId, long sequence, long hash) {
    find(keyHigh, keyLow);
    this.version = version;
    this.batchId = batchId;
    this.sequence = sequence;
    this.content = hash;
    if (!found || hasRunOut()) {
      return VersionRule.KEEP;
    }
    boolean sameContent = segment.content(place) == hash;
    if (isKnownAtLeastAsNew()) {
      return sameContent ? VersionRule.EXACT : VersionRule.SUPERSEDED;
    }
    return sameContent ? VersionRule.EXACT_AND_NEWER : VersionRule.KEEP;
  }

  /**
   * Looks where a key is or belongs, so that its memory is at hand when {@link #compare} comes.
   * Many such looks in a row wait for memory together, a comparison at a time each for itself.
   *
   * @return something of what was read
   */
  public int touch(long keyHigh, long keyLow) {
    long spread = VersionSegment.spread(keyHigh);
    int index = index(spread);
    byte[] memory = memories[index];
    long shape = shapes[index];
    int entry =
        VersionSegment.entry(shape, VersionSegment.find(memory, shape, spread, (int) keyLow));
    // An entry may lie across two lines of memory; the segment tells whether it has room.
    return memory[entry] + memory[entry + VersionSegment.LAST_BYTE] + directory[index].size();
  }

  /** Remembers the row of the last {@link #compare}, which goes to Silver. */
  public void keep(long ingestTimeMicros) {
    clock.advance(ingestTimeMicros);
    remember(clock.tick());
  }

  /** Remembers the row of the last {@link #compare}, of which only the version is news. */
  public void advance() {
    remember(clock.tick());
  }

  /**
   * Remembers the row of the last {@link #compare} as one that arrived at a tick, unless a newer
   * one is known. Restores what the tables tell, in any order of rows.
   */
  public void restore(long arrivalTick) {
    if (!found || !isKnownAtLeastAsNew()) {
      remember(arrivalTick);
    }
  }

  /**
   * Sets the clock to the highest ingest time that the tables tell, before anything is restored.
   */
  public void begin(long latestIngestTimeMicros) {
    clock.advance(latestIngestTimeMicros);
  }

  private void find(long keyHigh, long keyLow) {
    key = VersionSegment.spread(keyHigh);
    this.keyLow = (int) keyLow;
    byte[] memory = locate();
    found = memory[place] != 0;
  }

  private byte[] locate() {
    int index = index(key);
    byte[] memory = memories[index];
    segment = directory[index];
    place = VersionSegment.find(memory, shapes[index], key, keyLow);
    return memory;
  }

  private boolean hasRunOut() {
    return !clock.isAll() && !clock.isAlive(origins.tick(segment.origin(place)));
  }

  private boolean isKnownAtLeastAsNew() {
    int order = Long.compare(segment.version(place), version);
    if (order != 0) {
      return order > 0;
    }
    int origin = segment.origin(place);
    order = origins.batch(origin).compareTo(batchId);
    if (order == 0) {
      long known = ((long) origins.sequenceHigh(origin) << 32) | segment.sequenceLow(place);
      order = Long.compare(known, sequence);
    }
    return order == 0 ? Long.compareUnsigned(segment.content(place), content) >= 0 : order > 0;
  }

  private void remember(long tick) {
    int origin = origins.hold(batchId, (int) (sequence >> 32), tick);
    if (found) {
      origins.release(segment.origin(place));
    } else {
      while (!segment.insert(place, key)) {
        makeRoom();
        locate();
      }
      size++;
      found = true;
    }
    segment.set(place, content, version, keyLow, (int) sequence, origin);
  }

  private int index(long spreadKey) {
    return (int) (spreadKey >>> (Long.SIZE - depth));
  }

  /** Removes what has run out of a full segment; lets it grow, or cuts it in two. */
  private void makeRoom() {
    VersionSegment full = segment;
    int before = full.size();
    VersionSegment purged = full.rebuilt(this::isAlive);
    size -= before - purged.size();
    if (!purged.isLarge()) {
      replace(full, purged, purged);
      return;
    }
    if (full.depth() == depth) {
      doubleDirectory();
    }
    replace(full, purged.half(0), purged.half(1));
  }

  private boolean isAlive(int origin) {
    boolean alive = clock.isAlive(origins.tick(origin));
    if (!alive) {
      origins.release(origin);
    }
    return alive;
  }

  private void doubleDirectory() {
    VersionSegment[] old = directory;
    directory = new VersionSegment[2 * old.length];
    memories = new byte[2 * old.length][];
    shapes = new long[2 * old.length];
    for (int i = 0; i < old.length; i++) {
      fill(2 * i, 2 * i + 2, old[i]);
    }
    depth++;
  }

  private void replace(VersionSegment old, VersionSegment left, VersionSegment right) {
    int places = 1 << (depth - old.depth());
    int first = index(key) & -places;
    fill(first, first + places / 2, left);
    fill(first + places / 2, first + places, right);
  }

  private void fill(int from, int to, VersionSegment filling) {
    Arrays.fill(directory, from, to, filling);
    Arrays.fill(memories, from, to, filling.memory());
    Arrays.fill(shapes, from, to, filling.shape());
  }
}
