package domain

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// Sealer keeps secrets at rest under the master key from the settings:
// AES-256-GCM (NIST SP 800-38D) with a random nonce, which it prepends.
type Sealer struct {
	aead  cipher.AEAD
	inner *Sealer // seals first, and opens last
}

// NewSealer takes the 32-byte master key.
func NewSealer(master []byte) (Sealer, error) {
	if len(master) != 32 {
		return Sealer{}, fmt.Errorf("the master key must be 32 bytes, not %d", len(master))
	}
	block, err := aes.NewCipher(master)
	if err != nil {
		return Sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return Sealer{aead: aead}, err
}

// Under seals with both keys: whoever lacks one of them opens nothing.
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
	return s.aead.Seal(nil, nil, secret, []byte(context)) //nolint:gosec // this AEAD draws the nonce itself
}

// Unseal decrypts, or says that the bytes were sealed under another master key
// or context, or were changed.
func (s Sealer) Unseal(sealed []byte, context string) ([]byte, error) {
	secret, err := s.aead.Open(nil, nil, sealed, []byte(context))
	if err != nil {
		return nil, fmt.Errorf("cannot unseal the %s: another OSBU_MASTER_KEY, or damaged", context)
	}
	if s.inner != nil {
		return s.inner.Unseal(secret, context)
	}
	return secret, nil
}
