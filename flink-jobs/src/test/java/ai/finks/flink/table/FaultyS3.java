package ai.finks.flink.table;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between clients and an S3 API on loopback and lets calls through, or does to a share of
 * them what networks and busy stores do. Requests and answers are passed on byte by byte, so that
 * their signatures stay good.
 */
public final class FaultyS3 implements AutoCloseable {
  /** What goes wrong with a call. */
  public enum Fault {
    /** 503 SlowDown; the store never sees the call. */
    THROTTLED,
    /** 500; the store never sees the call. */
    FAILED,
    /** The connection ends with the request; the store never sees it. */
    CUT_BEFORE,
    /** The store does it, and the connection ends without an answer. */
    ANSWER_LOST,
    /** The connection ends in the middle of the answer. */
    ANSWER_CUT,
    /** The call takes a while. */
    SLOW
  }

  private static final int SLOW_MILLIS = 150;
  private static final int HEAD_LIMIT = 64 << 10;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Map<Fault, AtomicLong> done = new EnumMap<>(Fault.class);
  private volatile Plan plan = Plan.NONE;

  private FaultyS3(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
    for (Fault fault : Fault.values()) {
      done.put(fault, new AtomicLong());
    }
  }

  /** Stands before a store on a loopback port. */
  static FaultyS3 before(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    FaultyS3 front = new FaultyS3(server, port);
    front.inBackground("accept", front::accept);
    return front;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /**
   * From now on a share of the calls fails.
   *
   * @param oneIn one call in so many
   * @param calls which calls, by their first line such as {@code PUT /lake/x HTTP/1.1}
   */
  public void fail(long seed, int oneIn, Predicate<String> calls, Fault... faults) {
    plan = new Plan(new Random(seed), oneIn, calls, faults);
  }

  /** From now on nothing fails. */
  public void heal() {
    plan = Plan.NONE;
  }

  /** How often it did that to a call. */
  public long count(Fault fault) {
    return done.get(fault).get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      sockets.add(client);
      inBackground("call", () -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    try (client;
        Socket store = new Socket(InetAddress.getLoopbackAddress(), target)) {
      sockets.add(store);
      InputStream fromClient = new BufferedInputStream(client.getInputStream());
      InputStream fromStore = new BufferedInputStream(store.getInputStream());
      while (call(fromClient, client.getOutputStream(), fromStore, store.getOutputStream())) {
        // The connection goes on with the next call.
      }
      sockets.remove(store);
    } finally {
      sockets.remove(client);
    }
  }

  /** Passes one call on; false ends the connection. */
  private boolean call(
      InputStream fromClient, OutputStream toClient, InputStream fromStore, OutputStream toStore)
      throws IOException {
    Head request = Head.read(fromClient);
    if (request == null) {
      return false;
    }
    if (request.has("expect", "100-continue")) {
      toClient.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      toClient.flush();
    }
    byte[] body = request.body(fromClient);
    Fault fault = plan.next(request.firstLine());
    if (fault != null) {
      done.get(fault).incrementAndGet();
    }
    if (fault == Fault.SLOW) {
      pause();
    } else if (fault == Fault.CUT_BEFORE) {
      return false;
    } else if (fault == Fault.THROTTLED || fault == Fault.FAILED) {
      refuse(toClient, fault == Fault.THROTTLED);
      return true;
    }
    toStore.write(request.without("expect"));
    toStore.write(body);
    toStore.flush();
    Head answer = Head.read(fromStore);
    if (answer == null || fault == Fault.ANSWER_LOST) {
      return false;
    }
    boolean empty = request.firstLine().startsWith("HEAD ") || answer.hasNoBody();
    byte[] content = empty ? new byte[0] : answer.body(fromStore);
    toClient.write(answer.bytes());
    toClient.write(content, 0, fault == Fault.ANSWER_CUT ? content.length / 2 : content.length);
    toClient.flush();
    return fault != Fault.ANSWER_CUT && !answer.has("connection", "close");
  }

  private static void refuse(OutputStream toClient, boolean throttled) throws IOException {
    String code = throttled ? "SlowDown" : "InternalError";
    String body = "<Error><Code>" + code + "</Code><Message>injected</Message></Error>";
    String answer =
        "HTTP/1.1 "
            + (throttled ? "503 Slow Down" : "500 Internal Server Error")
            + "\r\nContent-Type: application/xml\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    toClient.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    toClient.flush();
  }

  @SuppressWarnings("BusyWait")
  private static void pause() {
    long until = System.nanoTime() + SLOW_MILLIS * 1_000_000L;
    while (System.nanoTime() < until) {
      java.util.concurrent.locks.LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  private void inBackground(String name, Loop loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (IOException e) {
                // One of the ends is gone, and with it the connection.
              }
            },
            "faulty-s3-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private interface Loop {
    void run() throws IOException;
  }

  private static final class Plan {
    static final Plan NONE = new Plan(new Random(0), 1, call -> false, Fault.SLOW);

    private final Random random;
    private final int oneIn;
    private final Predicate<String> calls;
    private final Fault[] faults;

    Plan(Random random, int oneIn, Predicate<String> calls, Fault... faults) {
      this.random = random;
      this.oneIn = oneIn;
      this.calls = calls;
      this.faults = faults.clone();
    }

    synchronized @Nullable Fault next(String call) {
      if (!calls.test(call) || random.nextInt(oneIn) != 0) {
        return null;
      }
      return faults[random.nextInt(faults.length)];
    }
  }

  /** The lines before a body. */
  private static final class Head {
    private final String text;

    private Head(String text) {
      this.text = text;
    }

    static @Nullable Head read(InputStream in) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
      int last = 0;
      while (bytes.size() < HEAD_LIMIT) {
        int octet = in.read();
        if (octet < 0) {
          return null;
        }
        bytes.write(octet);
        last = last << 8 | octet;
        if (last == 0x0d0a0d0a) {
          return new Head(bytes.toString(StandardCharsets.ISO_8859_1));
        }
      }
      throw new IOException("No head within " + HEAD_LIMIT + " bytes");
    }

    String firstLine() {
      return text.substring(0, text.indexOf("\r\n"));
    }

    byte[] bytes() {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] without(String name) {
      return text.replaceAll("(?i)\r\n" + name + ":[^\r]*", "")
          .getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean has(String name, String value) {
      return value.equalsIgnoreCase(value(name));
    }

    boolean hasNoBody() {
      String status = firstLine().split(" ")[1];
      return status.equals("204") || status.equals("304");
    }

    private String value(String name) {
      String wanted = "\r\n" + name.toLowerCase(Locale.ROOT) + ":";
      int at = text.toLowerCase(Locale.ROOT).indexOf(wanted);
      return at < 0
          ? ""
          : text.substring(at + wanted.length(), text.indexOf("\r\n", at + 2)).trim();
    }

    byte[] body(InputStream in) throws IOException {
      if (value("transfer-encoding").equalsIgnoreCase("chunked")) {
        return chunks(in);
      }
      String length = value("content-length");
      return length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
    }

    private static byte[] chunks(InputStream in) throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      while (true) {
        String size = line(in);
        all.write((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        int length = Integer.parseInt(size.split(";")[0].trim(), 16);
        all.write(in.readNBytes(length));
        String end = line(in);
        all.write((end + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        if (length == 0) {
          return all.toByteArray();
        }
      }
    }

    private static String line(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int octet;
      while ((octet = in.read()) != '\n') {
        if (octet < 0) {
          throw new IOException("The connection ended within a chunk");
        }
        if (octet != '\r') {
          line.write(octet);
        }
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
