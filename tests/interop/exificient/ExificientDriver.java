// EXIficient as a program that answers line by line. In: "encode|decode SCHEMA OPTIONS BASE64", out:
// the EXI stream or the XML text in base64, or "! " and the reason. SCHEMA is a path, "-" for no
// schema or "xsd" for the built-in types alone. OPTIONS are words joined by ';', as in Job below.
// "josev-encode|josev-decode NAMESPACE - BASE64" is Josev's codec, with its JSON instead of XML.
import com.siemens.ct.exi.core.CodingMode;
import com.siemens.ct.exi.core.DecodingOptions;
import com.siemens.ct.exi.core.EXIFactory;
import com.siemens.ct.exi.core.EncodingOptions;
import com.siemens.ct.exi.core.FidelityOptions;
import com.siemens.ct.exi.core.grammars.Grammars;
import com.siemens.ct.exi.core.helpers.DefaultEXIFactory;
import com.siemens.ct.exi.grammars.GrammarFactory;
import com.siemens.ct.exi.main.api.sax.EXIResult;
import com.siemens.ct.exi.main.api.sax.EXISource;
import com.siemens.ct.exi.main.cmd.EXICodec;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import org.xml.sax.InputSource;
import org.xml.sax.XMLReader;

public final class ExificientDriver {
    private final Map<String, Grammars> grammars = new HashMap<>();
    private final SAXParserFactory parsers = SAXParserFactory.newInstance();
    private final EXICodec josev = new EXICodec();
    private final TransformerFactory transformers = TransformerFactory.newInstance();

    public static void main(String[] arguments) throws Exception {
        ExificientDriver driver = new ExificientDriver();
        driver.parsers.setNamespaceAware(true);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII), 1 << 20);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(driver.answer(line.split(" ", -1)));
            out.flush();
        }
    }

    private String answer(String[] words) {
        try {
            byte[] data = Base64.getDecoder().decode(words[3]);
            if (words[0].startsWith("josev-")) {
                return Base64.getEncoder().encodeToString(josev(words[0], words[1], data));
            }
            EXIFactory factory = new Job(words[2]).factory(grammarsOf(words[1]));
            byte[] made = words[0].equals("encode") ? encode(factory, data) : decode(factory, data);
            return Base64.getEncoder().encodeToString(made);
        } catch (Throwable failure) {
            return "! " + String.valueOf(failure).replaceAll("\\s+", " ");
        }
    }

    private byte[] josev(String verb, String namespace, byte[] data) {
        byte[] made;
        if (verb.equals("josev-encode")) {
            made = josev.encode(new String(data, StandardCharsets.UTF_8), namespace);
        } else {
            String json = josev.decode(data, namespace);
            made = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
        }
        if (made == null) {
            throw new IllegalArgumentException(josev.get_last_encoding_error() + josev.get_last_decoding_error());
        }
        return made;
    }

    private Grammars grammarsOf(String schema) throws Exception {
        if (!grammars.containsKey(schema)) {
            GrammarFactory factory = GrammarFactory.newInstance();
            grammars.put(schema, schema.equals("-") ? factory.createSchemaLessGrammars()
                : schema.equals("xsd") ? factory.createXSDTypesOnlyGrammars()
                : factory.createGrammars(schema));
        }
        return grammars.get(schema);
    }

    private byte[] encode(EXIFactory factory, byte[] xml) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EXIResult result = new EXIResult(factory);
        result.setOutputStream(bytes);
        XMLReader reader = parsers.newSAXParser().getXMLReader();
        reader.setContentHandler(result.getHandler());
        reader.setProperty("http://xml.org/sax/properties/lexical-handler", result.getHandler());
        reader.setProperty("http://xml.org/sax/properties/declaration-handler", result.getHandler());
        reader.setDTDHandler((org.xml.sax.DTDHandler) result.getHandler());
        reader.parse(new InputSource(new ByteArrayInputStream(xml)));
        return bytes.toByteArray();
    }

    private byte[] decode(EXIFactory factory, byte[] exi) throws Exception {
        EXISource source = new EXISource(factory);
        source.setInputSource(new InputSource(new ByteArrayInputStream(exi)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Transformer transformer = transformers.newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        transformer.transform(source, new StreamResult(bytes));
        return bytes.toByteArray();
    }

    /** The options of one line: "name" or "name=value", joined by ';'. */
    private static final class Job {
        private final Map<String, String> options = new HashMap<>();

        Job(String text) {
            for (String word : text.split(";")) {
                int equals = word.indexOf('=');
                options.put(equals < 0 ? word : word.substring(0, equals), word.substring(equals + 1));
            }
        }

        EXIFactory factory(Grammars grammars) throws Exception {
            EXIFactory factory = DefaultEXIFactory.newInstance();
            factory.setGrammars(grammars);
            factory.setFragment(options.containsKey("fragment"));
            factory.setCodingMode(CodingMode.valueOf(options.getOrDefault("mode", "BIT_PACKED")));
            factory.setFidelityOptions(fidelity());
            header(factory.getEncodingOptions());
            factory.getDecodingOptions().setOption(DecodingOptions.IGNORE_SCHEMA_ID);
            strings(factory);
            profile(factory);
            maps(factory);
            return factory;
        }

        private FidelityOptions fidelity() throws Exception {
            FidelityOptions fidelity =
                options.containsKey("strict") ? FidelityOptions.createStrict() : FidelityOptions.createDefault();
            String[][] features = {
                {"comments", FidelityOptions.FEATURE_COMMENT}, {"pis", FidelityOptions.FEATURE_PI},
                {"dtd", FidelityOptions.FEATURE_DTD}, {"prefixes", FidelityOptions.FEATURE_PREFIX},
                {"lexical", FidelityOptions.FEATURE_LEXICAL_VALUE}, {"contained", FidelityOptions.FEATURE_SC},
            };
            for (String[] feature : features) {
                if (options.containsKey(feature[0])) {
                    fidelity.setFidelity(feature[1], true);
                }
            }
            return fidelity;
        }

        private void header(EncodingOptions encoding) throws Exception {
            String[][] names = {
                {"cookie", EncodingOptions.INCLUDE_COOKIE}, {"options", EncodingOptions.INCLUDE_OPTIONS},
                {"schema_id", EncodingOptions.INCLUDE_SCHEMA_ID}, {"utc", EncodingOptions.UTC_TIME},
                {"profile_values", EncodingOptions.INCLUDE_PROFILE_VALUES},
                {"canonical", EncodingOptions.CANONICAL_EXI},
            };
            for (String[] name : names) {
                if (options.containsKey(name[0])) {
                    encoding.setOption(name[1]);
                }
            }
            if (options.containsKey("dtd")) {
                encoding.setOption(EncodingOptions.RETAIN_ENTITY_REFERENCE);
            }
            // Left out by habit, but a part of the document.
            encoding.setOption(EncodingOptions.INCLUDE_XSI_SCHEMALOCATION);
            encoding.setOption(EncodingOptions.INCLUDE_INSIGNIFICANT_XSI_NIL);
        }

        private void strings(EXIFactory factory) {
            factory.setBlockSize(number("block", factory.getBlockSize()));
            factory.setValueMaxLength(number("max_length", factory.getValueMaxLength()));
            factory.setValuePartitionCapacity(number("capacity", factory.getValuePartitionCapacity()));
        }

        private void profile(EXIFactory factory) {
            if (options.containsKey("no_local_values")) {
                factory.setLocalValuePartitions(false);
            }
            if (options.containsKey("max_grammars")) {
                factory.setMaximumNumberOfBuiltInElementGrammars(number("max_grammars", -1));
            }
            if (options.containsKey("max_productions")) {
                factory.setMaximumNumberOfBuiltInProductions(number("max_productions", -1));
            }
        }

        private void maps(EXIFactory factory) {
            QName[] map = names("dtr");
            if (map.length > 0) {
                QName[] types = new QName[map.length / 2];
                QName[] representations = new QName[map.length / 2];
                for (int i = 0; i < types.length; i++) {
                    types[i] = map[2 * i];
                    representations[i] = map[2 * i + 1];
                }
                factory.setDatatypeRepresentationMap(types, representations);
            }
            if (options.containsKey("contained")) {
                factory.setSelfContainedElements(names("contained"));
            }
        }

        private int number(String name, int otherwise) {
            return options.containsKey(name) ? Integer.parseInt(options.get(name)) : otherwise;
        }

        private QName[] names(String name) {
            List<QName> found = new ArrayList<>();
            for (String text : options.getOrDefault(name, "").split(",")) {
                if (!text.isEmpty()) {
                    found.add(QName.valueOf(text));
                }
            }
            return found.toArray(new QName[0]);
        }
    }
}
