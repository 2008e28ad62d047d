package jaxon.graph.op;

/// What an equation does, without what it does it to: attributes only, comparable by value.
///
/// Semantics are those of the StableHLO specification unless the op says otherwise.
public sealed interface Op
    permits UnaryOp,
        BinaryOp,
        ElementwiseOp,
        SourceOp,
        ShapeOp,
        IndexOp,
        ContractOp,
        ReduceOp,
        ControlOp,
        CollectiveOp,
        AnnotationOp {
  /// The op's name in text form, for example `stablehlo.add`.
  String opName();
}
