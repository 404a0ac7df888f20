package roll

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"io"

	"osbu/domain"
)

// Issuer is a paper's signing key: RSA-2048 for RSABSSA-SHA384-PSS-Randomized
// (RFC 9474). One key per paper, so that a credential says which paper it is
// for; it exists from the freeze to the close.
type Issuer struct {
	Paper  string
	Public []byte // PKIX, DER: what the manifest publishes
	Sealed []byte // PKCS #8, DER, under the settings' key and the round's
}

// Wrapping keeps, outside the database, a key for each round, under which its
// issuer keys are sealed, and which is destroyed at the close: a copy of the
// database from during the vote then opens none of them.
type Wrapping interface {
	// Make makes the round's key unless there is one.
	Make(round string) (domain.Sealer, error)
	// Find fails if there is none, or no more.
	Find(round string) (domain.Sealer, error)
	// Destroy overwrites it; none is no error.
	Destroy(round string) error
}

// NewIssuers makes a fresh key for every paper.
func NewIssuers(rand io.Reader, sealer domain.Sealer, round string, papers []string) ([]Issuer, error) {
	issuers := make([]Issuer, len(papers))
	for i, paper := range papers {
		key, err := rsa.GenerateKey(rand, 2048)
		if err != nil {
			return nil, fmt.Errorf("make an issuer key: %w", err)
		}
		private, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, fmt.Errorf("encode an issuer key: %w", err)
		}
		public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		if err != nil {
			return nil, fmt.Errorf("encode an issuer key: %w", err)
		}
		issuers[i] = Issuer{Paper: paper, Public: public, Sealed: sealer.Seal(private, issuerContext(round, paper))}
	}
	return issuers, nil
}

func unsealIssuer(sealer domain.Sealer, round string, i Issuer) (*rsa.PrivateKey, error) {
	private, err := sealer.Unseal(i.Sealed, issuerContext(round, i.Paper))
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("decode the %s: %w", issuerContext(round, i.Paper), err)
	}
	signer, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the %s is no RSA key", issuerContext(round, i.Paper))
	}
	return signer, nil
}

func issuerContext(round, paper string) string {
	return fmt.Sprintf("issuer key of %s, paper %s", round, paper)
}
