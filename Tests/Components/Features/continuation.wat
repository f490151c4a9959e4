;; expect: engine.component.refused
;; feature: stack-switching
;; words: cannot define continuation types when stack switching is disabled
;;
;; One guest would run on several stacks.
(component
  (core module
    (type $f (func))
    (type $c (cont $f))
    (func (param (ref null $c)))))
