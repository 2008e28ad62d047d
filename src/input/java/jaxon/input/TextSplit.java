package jaxon.input;

import java.util.ArrayList;
import java.util.List;

/// The split of stored text: whole documents where there are many, else the end of each.
record TextSplit(List<Span> train, List<Span> eval) {

  static TextSplit of(List<Span> spans, double fraction, long seed) {
    return HoldOut.possible(spans.size(), fraction)
        ? byDocument(spans, new HoldOut(spans.size(), fraction, seed))
        : byTail(spans, fraction);
  }

  private static TextSplit byDocument(List<Span> spans, HoldOut split) {
    List<Span> train = new ArrayList<>();
    for (long i = 0; i < split.trainSize(); i++) {
      train.add(spans.get((int) split.trainDocument(i)));
    }
    List<Span> eval = new ArrayList<>();
    for (long i = 0; i < split.evalSize(); i++) {
      eval.add(spans.get((int) split.evalDocument(i)));
    }
    return new TextSplit(train, eval);
  }

  /// The two sides share no token.
  private static TextSplit byTail(List<Span> spans, double fraction) {
    List<Span> train = new ArrayList<>();
    List<Span> eval = new ArrayList<>();
    for (Span span : spans) {
      long cut = span.to() - Math.round((span.to() - span.from()) * fraction);
      train.add(new Span(span.from(), cut, span.name()));
      eval.add(new Span(cut, span.to(), "the end of " + span.name()));
    }
    return new TextSplit(train, eval);
  }
}
