package jaxon.objectstore;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Lets one request fail, or it and all after it, as if the connection or the process had ended.
public final class FailingRequests implements ExecutionInterceptor {
  /// What happens at the chosen request.
  public enum Fault {
    /// It is not made; those after it work.
    NOT_MADE,
    /// It is done, but nobody hears of it; those after it work.
    ANSWER_LOST,
    /// It is not made, and none after it.
    KILLED
  }

  private static final ExecutionAttribute<Integer> NUMBER =
      new ExecutionAttribute<>("number of the request");

  private final AtomicInteger made = new AtomicInteger();
  private volatile Fault fault = Fault.NOT_MADE;
  private volatile int at;

  /// From now on the request `number` (from 1) fails; none, if it is 0.
  public void plan(Fault kind, int number) {
    fault = kind;
    at = number;
    made.set(0);
  }

  /// Whether the chosen request was reached.
  public boolean hasFaulted() {
    return made.get() >= at;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    int number = made.incrementAndGet();
    attributes.putAttribute(NUMBER, number);
    boolean isKilled = at > 0 && number > at && fault == Fault.KILLED;
    if (isKilled || (number == at && fault != Fault.ANSWER_LOST)) {
      throw SdkClientException.create("the line is dead");
    }
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    if (attributes.getAttribute(NUMBER) == at && fault == Fault.ANSWER_LOST) {
      throw SdkClientException.create("the line is dead");
    }
  }
}
