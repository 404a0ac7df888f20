package domain

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// Sealer keeps secrets at rest under the master key from the settings:
// AES-256-GCM (NIST SP 800-38D) with a random nonce, which it prepends.
type Sealer struct{ aead cipher.AEAD }

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
	return Sealer{aead}, err
}

// Seal encrypts; the same context ("issuer key of R, paper P") must be given to
// Unseal, so that a sealed key cannot be moved to another place.
func (s Sealer) Seal(secret []byte, context string) []byte {
	return s.aead.Seal(nil, nil, secret, []byte(context)) //nolint:gosec // this AEAD draws the nonce itself
}

// Unseal decrypts, or says that the bytes were sealed under another master key
// or context, or were changed.
func (s Sealer) Unseal(sealed []byte, context string) ([]byte, error) {
	secret, err := s.aead.Open(nil, nil, sealed, []byte(context))
	if err != nil {
		return nil, fmt.Errorf("cannot unseal the %s: another OSBU_MASTER_KEY, or damaged", context)
	}
	return secret, nil
}
