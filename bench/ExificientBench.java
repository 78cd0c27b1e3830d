// Times EXIficient warm, a round at a time, so that the caller can interleave rounds of its own.
// Arguments: the schema, then files of XML. In: "<encode|decode> <file number> <count>"; out: the
// nanoseconds that so many XML texts to EXI, or EXI streams to XML text, took; "exi <number>" gives
// the stream in hexadecimal. Readers, writers and factories are reused.
import com.siemens.ct.exi.core.EXIFactory;
import com.siemens.ct.exi.core.helpers.DefaultEXIFactory;
import com.siemens.ct.exi.grammars.GrammarFactory;
import com.siemens.ct.exi.main.api.sax.EXIResult;
import com.siemens.ct.exi.main.api.sax.EXISource;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Paths;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamResult;
import org.xml.sax.InputSource;
import org.xml.sax.XMLReader;

public final class ExificientBench {
    private final EXIFactory factory = DefaultEXIFactory.newInstance();
    private final XMLReader parser;
    private final EXIResult result;
    private final EXISource source;
    private final Transformer transformer = TransformerFactory.newInstance().newTransformer();

    private ExificientBench(String schema) throws Exception {
        factory.setGrammars(GrammarFactory.newInstance().createGrammars(schema));
        factory.setValuePartitionCapacity(0);
        SAXParserFactory parsers = SAXParserFactory.newInstance();
        parsers.setNamespaceAware(true);
        parser = parsers.newSAXParser().getXMLReader();
        result = new EXIResult(factory);
        parser.setContentHandler(result.getHandler());
        source = new EXISource(factory);
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    }

    public static void main(String[] arguments) throws Exception {
        ExificientBench bench = new ExificientBench(arguments[0]);
        byte[][] texts = new byte[arguments.length - 1][];
        byte[][] streams = new byte[texts.length][];
        for (int at = 0; at < texts.length; at++) {
            texts[at] = Files.readAllBytes(Paths.get(arguments[at + 1]));
            streams[at] = bench.encode(texts[at]);
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            int at = Integer.parseInt(words[1]);
            if (words[0].equals("exi")) {
                System.out.println(java.util.HexFormat.of().formatHex(streams[at]));
                continue;
            }
            boolean encode = words[0].equals("encode");
            int count = Integer.parseInt(words[2]);
            long start = System.nanoTime();
            for (int done = 0; done < count; done++) {
                int length = encode ? bench.encode(texts[at]).length : bench.decode(streams[at]).length;
                if (length == 0) {
                    throw new IllegalStateException("nothing came out");
                }
            }
            System.out.println(System.nanoTime() - start);
        }
    }

    private byte[] encode(byte[] xml) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(xml.length);
        result.setOutputStream(bytes);
        parser.parse(new InputSource(new ByteArrayInputStream(xml)));
        return bytes.toByteArray();
    }

    private byte[] decode(byte[] exi) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(exi.length * 10);
        SAXSource stream = new SAXSource(source.getXMLReader(), new InputSource(new ByteArrayInputStream(exi)));
        transformer.transform(stream, new StreamResult(bytes));
        return bytes.toByteArray();
    }
}
