package jaxon.checkpoint.pytorch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.graph.type.DType;

/// Reads the pickle of a state dict, without running anything.
///
/// A pickle is a program of a stack machine (CPython's pickletools lists its instructions). Those
/// that a state dict needs are known here; the one that calls, REDUCE, makes dicts, tensors and
/// parameters and nothing else.
final class Unpickler {
  private static final int MOST_INSTRUCTIONS = 1 << 21;
  private static final int NEWEST_PROTOCOL = 5;

  private final String file;
  private final PickleBytes in;
  private final List<Pickled> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Pickled> memo = new HashMap<>();

  private Unpickler(String file, MemorySegment pickle) {
    this.file = file;
    this.in = new PickleBytes(file, pickle);
  }

  /// The value of a pickle.
  ///
  /// @param file how messages call the file
  /// @throws CheckpointException if it is malformed or asks for anything that weights do not need
  static Pickled read(String file, MemorySegment pickle) {
    return new Unpickler(file, pickle).run();
  }

  private Pickled run() {
    for (int count = 0; count < MOST_INSTRUCTIONS; count++) {
      int instruction = in.unsigned1();
      if (instruction == '.') {
        Pickled value = pop();
        if (!stack.isEmpty() || !in.atEnd()) {
          throw in.malformed("goes on after its value");
        }
        return value;
      }
      step(instruction);
    }
    throw in.malformed("has more than %,d instructions".formatted(MOST_INSTRUCTIONS));
  }

  /// By the names of pickletools: PROTO, FRAME, MARK and so on.
  private void step(int instruction) {
    switch (instruction) {
      case 0x80 -> requireProtocol(in.unsigned1());
      case 0x95 -> in.signed(Long.BYTES); // The frame's length, a hint for buffers.
      case '(' -> marks.add(stack.size());
      case 'N' -> stack.add(new Pickled.None());
      case 0x88 -> stack.add(new Pickled.Flag(true));
      case 0x89 -> stack.add(new Pickled.Flag(false));
      case 'K' -> stack.add(new Pickled.Whole(in.unsigned1()));
      case 'M' -> stack.add(new Pickled.Whole(in.unsigned2()));
      case 'J' -> stack.add(new Pickled.Whole(in.signed4()));
      case 0x8A -> stack.add(new Pickled.Whole(in.signed(in.unsigned1())));
      case 'G' -> stack.add(new Pickled.Real(in.real()));
      case 'X' -> stack.add(new Pickled.Text(in.text(Integer.toUnsignedLong(in.signed4()))));
      case 0x8C -> stack.add(new Pickled.Text(in.text(in.unsigned1())));
      case ')' -> stack.add(new Pickled.Tuple(List.of()));
      case 0x85, 0x86, 0x87 -> stack.add(new Pickled.Tuple(pop(instruction - 0x84)));
      case 't' -> stack.add(new Pickled.Tuple(popToMark()));
      case '}' -> stack.add(new Pickled.Dict(new LinkedHashMap<>()));
      case 's' -> set(pop(2));
      case 'u' -> set(popToMark());
      case 'q' -> memo.put(in.unsigned1(), top());
      case 'r' -> memo.put(in.signed4(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> stack.add(remembered(in.unsigned1()));
      case 'j' -> stack.add(remembered(in.signed4()));
      case 'c' -> global(in.line(), in.line());
      case 0x93 -> stackGlobal(pop(2));
      case 'Q' -> stack.add(storage(pop()));
      case 'R' -> reduce(pop(2));
      case 'b' -> build(pop());
      default ->
          throw in.malformed(
              "has instruction 0x%02X, which no weights need; convert the model to safetensors where it is trusted"
                  .formatted(instruction));
    }
  }

  private void requireProtocol(int protocol) {
    if (protocol > NEWEST_PROTOCOL) {
      throw in.malformed("is of protocol %d, %d at most".formatted(protocol, NEWEST_PROTOCOL));
    }
  }

  /// The lowest position that may be taken off.
  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private List<Pickled> pop(int count) {
    if (stack.size() - floor() < count) {
      throw in.malformed("takes more values than there are");
    }
    List<Pickled> from = stack.subList(stack.size() - count, stack.size());
    List<Pickled> values = List.copyOf(from);
    from.clear();
    return values;
  }

  private Pickled pop() {
    return pop(1).getFirst();
  }

  private List<Pickled> popToMark() {
    if (marks.isEmpty()) {
      throw in.malformed("has no mark for what ends here");
    }
    List<Pickled> values = pop(stack.size() - marks.getLast());
    marks.removeLast();
    return values;
  }

  private Pickled top() {
    if (stack.size() == floor()) {
      throw in.malformed("remembers a value that is not there");
    }
    return stack.getLast();
  }

  private Pickled remembered(int index) {
    Pickled value = memo.get(index);
    if (value == null) {
      throw in.malformed("recalls value %d, which it has not stored".formatted(index));
    }
    return value;
  }

  private void global(String module, String name) {
    stack.add(new Pickled.Global(TorchGlobal.of(file, module, name)));
  }

  private void stackGlobal(List<Pickled> names) {
    if (!(names.getFirst() instanceof Pickled.Text module)
        || !(names.getLast() instanceof Pickled.Text name)) {
      throw in.malformed("names something by what is no string");
    }
    global(module.value(), name.value());
  }

  /// Adds keys and values to the dict below them.
  private void set(List<Pickled> pairs) {
    if (!(top() instanceof Pickled.Dict dict) || pairs.size() % 2 != 0) {
      throw in.malformed("adds entries to what is no dict, or keys without values");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      if (!(pairs.get(i) instanceof Pickled.Text key)) {
        throw in.malformed(
            "has %s as key of a dict, where weights have strings".formatted(pairs.get(i).kind()));
      }
      if (dict.entries().put(key.value(), pairs.get(i + 1)) != null) {
        throw in.malformed("has key '%s' twice".formatted(BoundedJson.shown(key.value())));
      }
    }
  }

  /// Sets attributes; those of dicts mean nothing here, and nothing else may have any.
  private void build(Pickled state) {
    if (!(top() instanceof Pickled.Dict) || !(state instanceof Pickled.Dict)) {
      throw in.malformed("sets attributes of %s".formatted(top().kind()));
    }
  }

  /// What a persistent id stands for: `("storage", type, key, device, elements)`.
  private Pickled storage(Pickled id) {
    if (id instanceof Pickled.Tuple(List<Pickled> parts)
        && parts.size() == 5
        && parts.get(0) instanceof Pickled.Text(String kind)
        && kind.equals("storage")
        && parts.get(1) instanceof Pickled.Global(TorchGlobal type)
        && parts.get(2) instanceof Pickled.Text(String key)
        && parts.get(4) instanceof Pickled.Whole(long elements)
        && elements >= 0
        && type.dtype().isPresent()) {
      DType dtype = type.dtype().get();
      return new Pickled.Storage(dtype, key, elements);
    }
    throw in.malformed("refers to something outside that is no storage");
  }

  private void reduce(List<Pickled> call) {
    if (!(call.getFirst() instanceof Pickled.Global(TorchGlobal name))
        || !(call.getLast() instanceof Pickled.Tuple(List<Pickled> arguments))) {
      throw in.malformed("calls %s, which is not a function".formatted(call.getFirst().kind()));
    }
    switch (name) {
      case ORDERED_DICT -> {
        if (!arguments.isEmpty()) {
          throw in.malformed("makes an OrderedDict of %s".formatted(arguments.getFirst().kind()));
        }
        SequencedMap<String, Pickled> entries = new LinkedHashMap<>();
        stack.add(new Pickled.Dict(entries));
      }
      case REBUILD_TENSOR -> stack.add(new Pickled.Tensor(tensor(arguments)));
      case REBUILD_PARAMETER -> {
        if (arguments.isEmpty() || !(arguments.getFirst() instanceof Pickled.Tensor data)) {
          throw in.malformed("makes a parameter of what is no tensor");
        }
        stack.add(data);
      }
      case DOUBLE, FLOAT, HALF, BFLOAT16, LONG, INT, CHAR, BYTE, BOOL ->
          throw in.malformed("calls a storage");
    }
  }

  /// Of storage, offset, sizes and strides; what follows is of no interest to weights at rest.
  private TorchTensor tensor(List<Pickled> arguments) {
    if (arguments.size() >= 4
        && arguments.get(0) instanceof Pickled.Storage storage
        && arguments.get(1) instanceof Pickled.Whole(long offset)) {
      return TorchTensor.of(
          file, storage, offset, numbers(arguments.get(2)), numbers(arguments.get(3)));
    }
    throw in.malformed("makes a tensor of what is no storage, or from no offset");
  }

  private long[] numbers(Pickled value) {
    if (!(value instanceof Pickled.Tuple(List<Pickled> values))) {
      throw in.malformed("has %s for sizes or strides".formatted(value.kind()));
    }
    long[] numbers = new long[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(values.get(i) instanceof Pickled.Whole(long number))) {
        throw in.malformed("has %s for a size or stride".formatted(values.get(i).kind()));
      }
      numbers[i] = number;
    }
    return numbers;
  }
}
