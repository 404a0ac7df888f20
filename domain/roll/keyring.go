package roll

import (
	"context"
	"crypto/rsa"
	"math/big"
	"sync"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"osbu/domain"
	"osbu/domain/round"
)

// keyringSize bounds the keys held in memory; a city has one round with a paper
// or two open at a time.
const keyringSize = 64

// keyring holds unsealed issuer keys while their vote is open.
type keyring struct {
	wrapping Wrapping
	rights   Rights
	mu       sync.Mutex
	keys     map[[2]string]*rsa.PrivateKey // by round and paper
}

// sign makes the blind signature. A message that is no number below the modulus
// is Invalid (RFC 9474 §4.3: "message representative out of range").
//
// It is most of what a credential costs: 3.7 ms of a core, 87 % of this
// server's work for it, all else together 0.5 ms. The library masks the message
// with a fresh random factor and raises it to the whole private exponent;
// modulo the two primes, as crypto/rsa signs in 1.0 ms and constant time, it
// would be four times cheaper. But crypto/rsa signs only what it has padded
// itself, and a blinded message is padded already (RFC 9474 §4.2): it shows no
// raw private operation. To build one on a constant-time modulus
// (filippo.io/bigmod) would make the handling of the private key ours,
// OpenSSL's needs C; both cost more than a second server, which shares nothing
// with the first but the database.
func (k *keyring) sign(ctx context.Context, round, paper string, blinded []byte) ([]byte, error) {
	key, err := k.key(ctx, round, paper)
	if err != nil {
		return nil, err
	}
	if len(blinded) != key.Size() || new(big.Int).SetBytes(blinded).Cmp(key.N) >= 0 {
		return nil, domain.Problems{{Path: "blinded", Code: "bad_format"}}.Err()
	}
	return blindrsa.NewSigner(key).BlindSign(blinded)
}

func (k *keyring) key(ctx context.Context, id, paper string) (*rsa.PrivateKey, error) {
	k.mu.Lock()
	key := k.keys[[2]string{id, paper}]
	k.mu.Unlock()
	if key != nil {
		return key, nil
	}
	issuer, err := k.rights.Issuer(ctx, id, paper)
	if domain.KindOf(err) == domain.NotFound { // the vote was open a moment ago, so the close has just destroyed it
		return nil, domain.Fail(domain.Closed, round.CodeVotingClosed, "the vote of %s has closed", id)
	}
	if err != nil {
		return nil, err
	}
	sealer, err := k.wrapping.Find(id)
	if err != nil {
		return nil, err
	}
	if key, err = unsealIssuer(sealer, id, issuer); err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys) >= keyringSize {
		k.keys = map[[2]string]*rsa.PrivateKey{}
	}
	k.keys[[2]string{id, paper}] = key
	return key, nil
}

func (k *keyring) forget(round string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for at := range k.keys {
		if at[0] == round {
			delete(k.keys, at)
		}
	}
}
