package jaxon.config;

/// One thing wrong with a configuration.
///
/// @param subject the key or file it is about
/// @param origin where it was set: `configs/base.yml:12`, `command line`, `environment
///   JAXON_STEPS`; may be empty
/// @param message what was asked and found
/// @param advice what is allowed and what to do; may be empty
public record Problem(String subject, String origin, String message, String advice) {

  @Override
  public String toString() {
    String place = origin.isEmpty() ? "" : " (" + origin + ")";
    String what = subject + place + ": " + message;
    return advice.isEmpty() ? what : what + "\n" + advice;
  }
}
