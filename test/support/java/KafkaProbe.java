import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The Java client as a witness: `consume <brokers> <topic> <partition> <count>` or `produce <brokers> <topic> <codec> <key> <value>`. */
public class KafkaProbe {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("consume")) consume(args);
    else produce(args);
  }

  static void consume(String[] args) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", args[1], "isolation.level", "read_committed", "auto.offset.reset", "earliest");
    var partition = new TopicPartition(args[2], Integer.parseInt(args[3]));
    int wanted = Integer.parseInt(args[4]);
    var out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.currentTimeMillis() + 30_000;
      for (int seen = 0; seen < wanted && System.currentTimeMillis() < deadline; )
        for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofMillis(500))) {
          out.println(one.offset() + "\t" + one.timestamp() + "\t" + one.key() + "\t" + one.value());
          seen++;
        }
    }
  }

  static void produce(String[] args) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", args[1], "compression.type", args[3]);
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      var sent = producer.send(new ProducerRecord<>(args[2], args[4], args[5])).get();
      System.out.println(sent.partition() + "\t" + sent.offset());
    }
  }
}
