;; expect: component.instances
;;
;; A hundred and twenty levels would overflow 64 bits.
(component
  (core module $m)
  (component $c0
    (alias outer 1 $m (core module $x))
    (core instance (instantiate $x)))
  (component $c1
    (alias outer 1 $c0 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c2
    (alias outer 1 $c1 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c3
    (alias outer 1 $c2 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c4
    (alias outer 1 $c3 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c5
    (alias outer 1 $c4 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c6
    (alias outer 1 $c5 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c7
    (alias outer 1 $c6 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c8
    (alias outer 1 $c7 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c9
    (alias outer 1 $c8 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c10
    (alias outer 1 $c9 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c11
    (alias outer 1 $c10 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c12
    (alias outer 1 $c11 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c13
    (alias outer 1 $c12 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c14
    (alias outer 1 $c13 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c15
    (alias outer 1 $c14 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c16
    (alias outer 1 $c15 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c17
    (alias outer 1 $c16 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c18
    (alias outer 1 $c17 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c19
    (alias outer 1 $c18 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c20
    (alias outer 1 $c19 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c21
    (alias outer 1 $c20 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c22
    (alias outer 1 $c21 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c23
    (alias outer 1 $c22 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c24
    (alias outer 1 $c23 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c25
    (alias outer 1 $c24 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c26
    (alias outer 1 $c25 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c27
    (alias outer 1 $c26 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c28
    (alias outer 1 $c27 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c29
    (alias outer 1 $c28 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c30
    (alias outer 1 $c29 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c31
    (alias outer 1 $c30 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c32
    (alias outer 1 $c31 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c33
    (alias outer 1 $c32 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c34
    (alias outer 1 $c33 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c35
    (alias outer 1 $c34 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c36
    (alias outer 1 $c35 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c37
    (alias outer 1 $c36 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c38
    (alias outer 1 $c37 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c39
    (alias outer 1 $c38 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c40
    (alias outer 1 $c39 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c41
    (alias outer 1 $c40 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c42
    (alias outer 1 $c41 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c43
    (alias outer 1 $c42 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c44
    (alias outer 1 $c43 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c45
    (alias outer 1 $c44 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c46
    (alias outer 1 $c45 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c47
    (alias outer 1 $c46 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c48
    (alias outer 1 $c47 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c49
    (alias outer 1 $c48 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c50
    (alias outer 1 $c49 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c51
    (alias outer 1 $c50 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c52
    (alias outer 1 $c51 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c53
    (alias outer 1 $c52 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c54
    (alias outer 1 $c53 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c55
    (alias outer 1 $c54 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c56
    (alias outer 1 $c55 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c57
    (alias outer 1 $c56 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c58
    (alias outer 1 $c57 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c59
    (alias outer 1 $c58 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c60
    (alias outer 1 $c59 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c61
    (alias outer 1 $c60 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c62
    (alias outer 1 $c61 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c63
    (alias outer 1 $c62 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c64
    (alias outer 1 $c63 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c65
    (alias outer 1 $c64 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c66
    (alias outer 1 $c65 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c67
    (alias outer 1 $c66 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c68
    (alias outer 1 $c67 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c69
    (alias outer 1 $c68 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c70
    (alias outer 1 $c69 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c71
    (alias outer 1 $c70 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c72
    (alias outer 1 $c71 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c73
    (alias outer 1 $c72 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c74
    (alias outer 1 $c73 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c75
    (alias outer 1 $c74 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c76
    (alias outer 1 $c75 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c77
    (alias outer 1 $c76 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c78
    (alias outer 1 $c77 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c79
    (alias outer 1 $c78 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c80
    (alias outer 1 $c79 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c81
    (alias outer 1 $c80 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c82
    (alias outer 1 $c81 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c83
    (alias outer 1 $c82 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c84
    (alias outer 1 $c83 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c85
    (alias outer 1 $c84 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c86
    (alias outer 1 $c85 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c87
    (alias outer 1 $c86 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c88
    (alias outer 1 $c87 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c89
    (alias outer 1 $c88 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c90
    (alias outer 1 $c89 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c91
    (alias outer 1 $c90 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c92
    (alias outer 1 $c91 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c93
    (alias outer 1 $c92 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c94
    (alias outer 1 $c93 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c95
    (alias outer 1 $c94 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c96
    (alias outer 1 $c95 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c97
    (alias outer 1 $c96 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c98
    (alias outer 1 $c97 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c99
    (alias outer 1 $c98 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c100
    (alias outer 1 $c99 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c101
    (alias outer 1 $c100 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c102
    (alias outer 1 $c101 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c103
    (alias outer 1 $c102 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c104
    (alias outer 1 $c103 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c105
    (alias outer 1 $c104 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c106
    (alias outer 1 $c105 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c107
    (alias outer 1 $c106 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c108
    (alias outer 1 $c107 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c109
    (alias outer 1 $c108 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c110
    (alias outer 1 $c109 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c111
    (alias outer 1 $c110 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c112
    (alias outer 1 $c111 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c113
    (alias outer 1 $c112 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c114
    (alias outer 1 $c113 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c115
    (alias outer 1 $c114 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c116
    (alias outer 1 $c115 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c117
    (alias outer 1 $c116 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c118
    (alias outer 1 $c117 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c119
    (alias outer 1 $c118 (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (instance (instantiate $c119)))
