package roll

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var pepper = []byte("a pepper for tests")

// codeOf makes an identity code of a day in DDMMYY, a separator and an
// individual number.
func codeOf(ddmmyy, separator, individual string) string {
	return ddmmyy + separator + individual + string(checkCharacters[number(ddmmyy+individual)%31])
}

func TestIdentityCodes(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	good := map[string]time.Time{
		"131052-308T": day(
			1952,
			10,
			13,
		), // the Digital and Population Data Services Agency's own example
		" 131052-308t ":              day(1952, 10, 13),
		codeOf("010100", "+", "002"): day(1800, 1, 1),
		codeOf("290200", "A", "900"): day(2000, 2, 29),
		codeOf("290296", "-", "999"): day(1996, 2, 29),
		codeOf("311299", "Y", "123"): day(1999, 12, 31),
		codeOf("311299", "U", "123"): day(1999, 12, 31),
		codeOf("010124", "F", "899"): day(2024, 1, 1),
		codeOf("010124", "b", "899"): day(2024, 1, 1),
	}
	for code, want := range good {
		_, born, err := identify(pepper, code)
		if err != nil || !born.Equal(want) {
			t.Errorf("%s: born %s, %v; want %s", code, born, err, want)
		}
	}
	for code, want := range map[string]error{
		"":                           errLength,
		"131052-308":                 errLength,
		"131052-308TT":               errLength,
		"1310x2-308T":                errDigits,
		"131052-3o8T":                errDigits,
		"131052*308T":                errSeparator,
		"131052G308T":                errSeparator,
		"131052Z308T":                errSeparator,
		codeOf("290200", "+", "002"): errDay, // 1800 was no leap year
		codeOf("290200", "-", "002"): errDay, // nor 1900
		codeOf("290223", "A", "002"): errDay,
		codeOf("310499", "-", "002"): errDay,
		codeOf("000199", "-", "002"): errDay,
		codeOf("011399", "-", "002"): errDay,
		codeOf("010199", "-", "000"): errNumber,
		codeOf("010199", "-", "001"): errNumber,
		"131052-308U":                errCheck,
		"131052-308I":                errCheck, // no check character at all
		"131152-308T":                errCheck,
		"131052–308T":                errLength, // an en dash is three bytes
	} {
		_, err := Refer(pepper, code)
		if !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", code, err, want)
		}
		if err != nil && len(code) > 6 && strings.Contains(err.Error(), code[:6]) {
			t.Errorf("the error quotes the code: %v", err)
		}
	}
}

// Since 2023 two people may share the day and the individual number, and so all
// digits and the check character.
func TestSeparatorTellsPeopleApart(t *testing.T) {
	seen := map[[32]byte]string{}
	for _, separator := range strings.Split("+-YXWVUABCDEF", "") {
		ref, err := Refer(pepper, codeOf("010203", separator, "456"))
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[ref]; ok {
			t.Errorf("separators %s and %s are one person", separator, other)
		}
		seen[ref] = separator
	}
	a, _ := Refer(pepper, "131052-308T")
	b, _ := Refer([]byte("another pepper"), "131052-308T")
	c, _ := Refer(pepper, "131052-308t")
	if a == b || a != c {
		t.Error("the reference hangs on the pepper, and not on the case")
	}
}

// Any one character misread is noticed, as mod 31 promises for digits.
func TestCheckCharacterFindsOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		born := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 18000).Draw(t, "day"))
		code := []byte(
			codeOf(born.Format("020106"), "-", rapid.StringMatching(`[1-9][0-9][0-9]`).Draw(t, "individual")),
		)
		at := rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5, 7, 8, 9}).Draw(t, "at")
		code[at] = '0' + (code[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := Refer(pepper, string(code)); err == nil {
			t.Fatal("a wrong digit passed")
		}
	})
}

func FuzzIdentity(f *testing.F) {
	f.Add("131052-308T")
	f.Fuzz(func(t *testing.T, code string) {
		if _, born, err := identify(pepper, code); err == nil && born.Year() < 1800 {
			t.Fatalf("%q is born in %d", code, born.Year())
		}
	})
}
