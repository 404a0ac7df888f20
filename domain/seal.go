package domain

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// Sealer keeps secrets at rest under keys from the settings: AES-256-GCM
// (NIST SP 800-38D) with a random nonce, which it prepends. Each sort of secret
// has a sealer with keys of its own.
type Sealer struct {
	aeads []cipher.AEAD // the first seals, all open
	inner *Sealer       // seals first, and opens last
}

// NewSealer takes keys of 32 bytes. The first one seals and all open, so that a
// key is replaced by one put before it.
func NewSealer(keys ...[]byte) (Sealer, error) {
	if len(keys) == 0 {
		return Sealer{}, errors.New("nothing is sealed without a key")
	}
	var s Sealer
	for _, key := range keys {
		if len(key) != 32 {
			return Sealer{}, fmt.Errorf("a key must be 32 bytes, not %d", len(key))
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return Sealer{}, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return Sealer{}, err
		}
		s.aeads = append(s.aeads, aead)
	}
	return s, nil
}

// Under seals with another key as well: whoever lacks either opens nothing.
func (s Sealer) Under(key []byte) (Sealer, error) {
	inner, err := NewSealer(key)
	s.inner = &inner
	return s, err
}

// Seal encrypts; the same context ("issuer key of R, paper P") must be given to
// Unseal, so that a sealed key cannot be moved to another place.
func (s Sealer) Seal(secret []byte, context string) []byte {
	if s.inner != nil {
		secret = s.inner.Seal(secret, context)
	}
	return s.aeads[0].Seal(nil, nil, secret, []byte(context)) //nolint:gosec // this AEAD draws the nonce itself
}

// Unseal decrypts, or says that the bytes were sealed under a key that is no
// longer here or in another context, or were changed.
func (s Sealer) Unseal(sealed []byte, context string) ([]byte, error) {
	for _, aead := range s.aeads {
		secret, err := aead.Open(nil, nil, sealed, []byte(context))
		if err != nil {
			continue
		}
		if s.inner != nil {
			return s.inner.Unseal(secret, context)
		}
		return secret, nil
	}
	return nil, fmt.Errorf("cannot unseal the %s: its key is not in OSBU_SEAL_…, or it is damaged", context)
}
