import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/** A MongoDB server in memory on a free port, which it prints; ends when its input does. */
class Launcher {
    /** As MongoDB 5.0 says it; the library's own figure is older than what the driver takes. */
    private static final int WIRE_VERSION = 13;

    public static void main(String[] arguments) throws Exception {
        MongoVersion version = new MongoVersion() {
            @Override
            public List<Integer> getVersionArray() {
                return ServerVersion.MONGO_5_0.getVersionArray();
            }

            @Override
            public int getWireVersion() {
                return WIRE_VERSION;
            }
        };
        MongoServer server = new MongoServer(new MemoryBackend().version(version));
        server.bind("127.0.0.1", 0);
        System.out.println(server.getLocalAddress().getPort());
        while (System.in.read() >= 0) {
            // Nothing is ever written; the end comes when the tests are gone.
        }
        server.shutdownNow();
        System.exit(0);
    }
}
