// Encodes XML with EXIficient, one message per line: in  "<schema> <kind> <base64 of XML>", the kind
// being document or fragment, with +partitions where repeated values refer back to the first one;
// out the EXI stream in hexadecimal, or "! " and the reason. Arguments: name=path of a schema, ...
import com.siemens.ct.exi.core.EXIFactory;
import com.siemens.ct.exi.core.grammars.Grammars;
import com.siemens.ct.exi.core.helpers.DefaultEXIFactory;
import com.siemens.ct.exi.grammars.GrammarFactory;
import com.siemens.ct.exi.main.api.sax.EXIResult;
import com.siemens.ct.exi.main.api.sax.SAXFactory;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.InputSource;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

public final class ExificientDriver {
    private final Map<String, String> schemas = new HashMap<>();
    private final Map<String, Grammars> grammars = new HashMap<>();
    private final SAXParserFactory parsers = SAXParserFactory.newInstance();

    private ExificientDriver(String[] arguments) {
        parsers.setNamespaceAware(true);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            schemas.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    public static void main(String[] arguments) throws Exception {
        ExificientDriver driver = new ExificientDriver(arguments);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII), 1 << 20);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(driver.answer(line.split(" ")));
            out.flush();
        }
    }

    private String answer(String[] words) {
        try {
            byte[] data = Base64.getDecoder().decode(words[2]);
            EXIFactory factory = factory(words[0], words[1].startsWith("fragment"));
            if (!words[1].endsWith("+partitions")) {
                factory.setValuePartitionCapacity(0);
            }
            byte[] exi = encode(factory, data);
            decode(factory, exi);
            return hex(exi);
        } catch (Exception failure) {
            return "! " + String.valueOf(failure).replaceAll("\\s+", " ");
        }
    }

    private EXIFactory factory(String schema, boolean fragment) throws Exception {
        if (!grammars.containsKey(schema)) {
            grammars.put(schema, GrammarFactory.newInstance().createGrammars(schemas.get(schema)));
        }
        EXIFactory factory = DefaultEXIFactory.newInstance();
        factory.setGrammars(grammars.get(schema));
        factory.setFragment(fragment);
        return factory;
    }

    private byte[] encode(EXIFactory factory, byte[] xml) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EXIResult result = new EXIResult(factory);
        result.setOutputStream(bytes);
        XMLReader reader = parsers.newSAXParser().getXMLReader();
        reader.setContentHandler(result.getHandler());
        reader.parse(new InputSource(new ByteArrayInputStream(xml)));
        return bytes.toByteArray();
    }

    private void decode(EXIFactory factory, byte[] exi) throws Exception {
        XMLReader reader = new SAXFactory(factory).createEXIReader();
        reader.setContentHandler(new DefaultHandler());
        reader.parse(new InputSource(new ByteArrayInputStream(exi)));
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 2);
        for (byte one : bytes) {
            text.append(Character.forDigit(one >> 4 & 15, 16)).append(Character.forDigit(one & 15, 16));
        }
        return text.toString();
    }
}
