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

// keyringSize bounds the keys held in memory; a city has one round with a paper or two open at a time.
const keyringSize = 64

// keyring holds unsealed issuer keys while their vote is open.
type keyring struct {
	sealer domain.Sealer
	rights Rights
	mu     sync.Mutex
	keys   map[[2]string]*rsa.PrivateKey // by round and paper
}

// sign makes the blind signature. A message that is no number below the modulus is Invalid (RFC 9474 §4.3: "message representative out of range").
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
	if key, err = unsealIssuer(k.sealer, id, issuer); err != nil {
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
