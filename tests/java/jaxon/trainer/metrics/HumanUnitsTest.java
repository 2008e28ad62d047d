package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HumanUnitsTest {

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "7,7",
    "3.44,3.4",
    "0.26,0.3",
    "845,845",
    "999.4,999",
    "999.5,1.0k",
    "1234,1.2k",
    "99940,99.9k",
    "99960,100k",
    "845000,845k",
    "999600,1.0M",
    "5.15e10,51.5G",
    "-1234,-1.2k",
    "3e20,300E",
    "NaN,--",
    "Infinity,--"
  })
  void counts(double value, String text) {
    assertThat(HumanUnits.count(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 us", "2.5e-4,250 us", "9.996e-4,1.0 ms", "0.0084,8.4 ms", "0.00996,10 ms",
    "0.845,845 ms", "0.9996,1.00 s", "1.234,1.23 s", "9.996,10.0 s", "12.34,12.3 s",
    "59.96,1m 00s", "100,1m 40s", "NaN,--", "-1,--"
  })
  void times(double seconds, String text) {
    assertThat(HumanUnits.time(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "40.4,40s",
    "59.5,1m 00s",
    "100,1m 40s",
    "3599.6,1h 00m",
    "7500,2h 05m",
    "86399,23h 59m",
    "86400,1d 00h",
    "273600,3d 04h",
    "NaN,--",
    "Infinity,--"
  })
  void durations(double seconds, String text) {
    assertThat(HumanUnits.duration(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "3.21449,3.2145",
    "0,0.0000",
    "0.00012,1.200e-04",
    "123456,1.235e+05",
    "-2,-2.0000",
    "NaN,NaN",
    "Infinity,Infinity"
  })
  void losses(double value, String text) {
    assertThat(HumanUnits.loss(value)).isEqualTo(text);
  }
}
