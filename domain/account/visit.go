package account

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"osbu/domain"
)

// visit is what is known of whoever is signed in, from her sign-in to the end
// of her session.
type visit struct {
	Account
	Municipality string
	PostalCode   string
}

const sealVisit = "visit"

// visitSize is what visits are padded to, or to a multiple of it: their length
// would tell people apart. A resident's fits.
const visitSize = 2048

// visitSealer seals under a key that only the cookie's holder has.
func visitSealer(t Token) (domain.Sealer, error) {
	key := sha256.Sum256([]byte("osbu/visit/v1\x00" + t))
	return domain.NewSealer(key[:])
}

func (v visit) seal(t Token) ([]byte, error) {
	sealer, err := visitSealer(t)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("visit: %w", err)
	}
	padded := make([]byte, (len(plain)+visitSize-1)/visitSize*visitSize)
	for i := copy(padded, plain); i < len(padded); i++ {
		padded[i] = ' ' // which JSON passes over
	}
	return sealer.Seal(padded, sealVisit), nil
}

func openVisit(sealed []byte, t Token) (v visit, err error) {
	sealer, err := visitSealer(t)
	if err != nil {
		return v, err
	}
	plain, err := sealer.Unseal(sealed, sealVisit)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(plain, &v); err != nil {
		return v, fmt.Errorf("visit: %w", err)
	}
	return v, nil
}

// session is who acts; account 0: she has none.
func (v visit) session(account int64, enrolled bool) Session {
	s := Session{Language: v.Language, Municipality: v.Municipality, PostalCode: v.PostalCode, Enrolled: enrolled}
	s.ID, s.Name, s.Roles, s.Areas, s.Divisions = account, v.Name, v.Roles, v.Areas, v.Divisions
	if account == 0 {
		s.ID = domain.NoAccount
	}
	if v.Identified {
		s.Ref = v.Key
	}
	return s
}
