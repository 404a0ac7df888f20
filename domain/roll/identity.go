package roll

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"osbu/domain/account"
)

// noIdentity is the reason why a text is no identity code. It does not quote
// the text.
type noIdentity FaultCode

// Error is the reason in English.
func (e noIdentity) Error() string { return reasons[FaultCode(e)] }

const (
	errLength    = noIdentity(FaultCodeLength)
	errDigits    = noIdentity(FaultCodeDigits)
	errSeparator = noIdentity(FaultCodeSeparator)
	errDay       = noIdentity(FaultCodeDay)
	errNumber    = noIdentity(FaultCodeNumber)
	errCheck     = noIdentity(FaultCodeCheck)
)

// codeOfIdentity is what identify found wrong, as a fault.
func codeOfIdentity(err error) FaultCode {
	bad, _ := errors.AsType[noIdentity](err)
	return FaultCode(bad)
}

const checkCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// Refer is the keyed hash that stands for a person: HMAC-SHA-256(pepper,
// identity code in capitals). The separator is part of the code: since 2023 two
// people may share all digits. The code is an error's subject but never its
// content.
func Refer(pepper []byte, identityCode string) (account.Ref, error) {
	ref, _, err := identify(pepper, identityCode)
	return ref, err
}

// identify checks an identity code (Population Information Decree 128/2010 §2,
// as amended for 2023) and gives the reference and the birthday. Individual
// numbers 900–999 are temporary and test codes, and welcome.
func identify(pepper []byte, identityCode string) (ref account.Ref, born time.Time, err error) {
	code := strings.ToUpper(strings.TrimSpace(identityCode))
	if len(code) != 11 {
		return ref, born, errLength
	}
	for i, digit := range []byte(code[:10]) {
		if i != 6 && (digit < '0' || digit > '9') {
			return ref, born, errDigits
		}
	}
	var century int
	switch code[6] {
	case '+':
		century = 1800
	case '-', 'Y', 'X', 'W', 'V', 'U':
		century = 1900
	case 'A', 'B', 'C', 'D', 'E', 'F':
		century = 2000
	default:
		return ref, born, errSeparator
	}
	day, month, year := number(code[0:2]), number(code[2:4]), century+number(code[4:6])
	born = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if born.Day() != day || int(born.Month()) != month {
		return ref, time.Time{}, errDay
	}
	if number(code[7:10]) < 2 {
		return ref, time.Time{}, errNumber
	}
	if code[10] != checkCharacters[number(code[0:6]+code[7:10])%31] {
		return ref, time.Time{}, errCheck
	}
	return keyed(pepper, code), born, nil
}

// keyed is HMAC-SHA-256 over parts joined by zero bytes.
func keyed(pepper []byte, parts ...string) (ref account.Ref) {
	mac := hmac.New(sha256.New, pepper)
	_, _ = mac.Write([]byte(strings.Join(parts, "\x00")))
	mac.Sum(ref[:0])
	return ref
}

// number reads digits that were checked before.
func number(digits string) (n int) {
	for _, d := range []byte(digits) {
		n = n*10 + int(d-'0')
	}
	return n
}
