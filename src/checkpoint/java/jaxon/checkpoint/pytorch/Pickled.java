package jaxon.checkpoint.pytorch;

import java.util.List;
import java.util.SequencedMap;
import jaxon.graph.type.DType;

/// A value of a pickle. Values may hold each other in circles: nothing goes through them.
sealed interface Pickled {
  /// Python's None.
  record None() implements Pickled {}

  /// True or false.
  record Flag(boolean value) implements Pickled {}

  /// A whole number.
  record Whole(long value) implements Pickled {}

  /// A floating-point number.
  record Real(double value) implements Pickled {}

  /// A string.
  record Text(String value) implements Pickled {}

  /// A tuple.
  record Tuple(List<Pickled> values) implements Pickled {}

  /// A dict with strings as keys, which grows.
  record Dict(SequencedMap<String, Pickled> entries) implements Pickled {}

  /// A name of Python.
  record Global(TorchGlobal name) implements Pickled {}

  /// Elements of a tensor or of several.
  ///
  /// @param key name of the entry of the zip file
  record Storage(DType dtype, String key, long elements) implements Pickled {}

  /// A view of a storage.
  record Tensor(TorchTensor tensor) implements Pickled {}

  /// What it is, in a word or two.
  default String kind() {
    return switch (this) {
      case None _ -> "None";
      case Flag _ -> "a bool";
      case Whole _ -> "an int";
      case Real _ -> "a float";
      case Text _ -> "a string";
      case Tuple _ -> "a tuple";
      case Dict _ -> "a dict";
      case Global _ -> "a name";
      case Storage _ -> "a storage";
      case Tensor _ -> "a tensor";
    };
  }
}
