package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.Var;
import jaxon.graph.type.TensorType;
import jaxon.sharding.partition.InterleavedPartitioner.Between;

/// How values get from one part of an [InterleavedTurn] to another, as numbers of operands and
/// results.
///
/// @param kept the results of the first loop that are kept for the second
/// @param keptTypes what a device keeps of them
/// @param storedTypes what a device has of what is made between and read after the loops
/// @param sources for each operand of the second loop where it comes from
/// @param carriedOf for each operand between the loops the number of the first loop's result that
///   it is; −1 if it is none
record InterleavedWiring(
    PipelineSide first,
    List<Integer> kept,
    List<TensorType> keptTypes,
    List<TensorType> storedTypes,
    List<Source> sources,
    List<Integer> carriedOf) {
  static InterleavedWiring of(
      PipelineSide first, PipelineSide second, Between between, LoopPair pair) {
    List<Integer> kept = new ArrayList<>();
    List<Source> sources = new ArrayList<>();
    int made = 0;
    int given = 0;
    for (int i = 0; i < second.equation().inputs().size(); i++) {
      Var input = second.equation().inputs().get(i);
      int result = i < second.fixed() ? -1 : pair.kept(input);
      if (result >= 0) {
        if (!kept.contains(result)) {
          kept.add(result);
        }
        sources.add(new Source(Kind.KEPT, kept.indexOf(result)));
      } else if (second.isCarried(i) && pair.isDependent(input)) {
        sources.add(new Source(Kind.MADE, made++));
      } else {
        sources.add(new Source(Kind.GIVEN, given++));
      }
    }
    List<TensorType> keptTypes = kept.stream().map(result -> keptType(first, result)).toList();
    List<TensorType> storedTypes =
        IntStream.range(between.given(), between.graph().outputs().size())
            .mapToObj(output -> storedType(first, between.body(), output))
            .toList();
    List<Integer> carriedOf =
        between.graph().inputs().stream()
            .map(input -> first.equation().outputs().indexOf(input))
            .toList();
    return new InterleavedWiring(first, kept, keptTypes, storedTypes, sources, carriedOf);
  }

  /// A ring of micro-batches; for what is the same for all of them, one.
  private static TensorType keptType(PipelineSide first, int result) {
    TensorType one = first.body().graph().outputs().get(result).type();
    TensorType layers = one.withShape(one.shape().insert(0, first.group()));
    return first.body().outputs().get(result).cut().isBatched()
        ? layers.withShape(layers.shape().insert(0, first.schedule().ring()))
        : layers;
  }

  private static TensorType storedType(PipelineSide first, StageBody body, int output) {
    TensorType part = body.graph().outputs().get(output).type();
    return TurnWindow.whole(part, body.outputs().get(output).cut(), first.mesh())
        .withDType(body.typeOfSum(output));
  }

  boolean isRing(int number) {
    return first.body().outputs().get(kept.get(number)).cut().isBatched();
  }

  /// The operands between the loops that come from outside.
  List<Integer> middleOperands() {
    return IntStream.range(0, carriedOf.size()).filter(i -> carriedOf.get(i) < 0).boxed().toList();
  }

  /// The operands of the second loop that come from outside.
  List<Integer> backwardOperands() {
    return IntStream.range(0, sources.size())
        .filter(i -> sources.get(i).kind() == Kind.GIVEN)
        .boxed()
        .toList();
  }

  /// Where an operand of the second loop comes from.
  enum Kind {
    /// From outside of the loops.
    GIVEN,
    /// From between the loops, for the last stage, with which the way back begins.
    MADE,
    /// From the first loop's layers on the same stage.
    KEPT
  }

  /// @param number among those of its kind
  record Source(Kind kind, int number) {}
}
